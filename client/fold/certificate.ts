import { X509Certificate } from "node:crypto";

/** Fabric CA's certificate extension for attributes, OID 1.2.3.4.5.6.7.8.1, as DER. */
const ATTRIBUTES_OID = Uint8Array.of(0x2a, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x01);

const SEQUENCE = 0x30;
const OBJECT_IDENTIFIER = 0x06;
const OCTET_STRING = 0x04;
const EXTENSIONS = 0xa3; // [3] EXPLICIT in a TBSCertificate, RFC 5280 §4.1

/** What a certificate says about an officer. */
export interface OfficerCertificate {
  readonly commonName: string;
  readonly organizationalUnits: readonly string[];
  readonly expires: Date;
  /** Fabric CA attributes, empty if there are none. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Reads a PEM certificate; undefined if it is none. Whether a CA stands behind it is not asked here. */
export function readCertificate(pem: Uint8Array): OfficerCertificate | undefined {
  const certificate = parse(pem);
  if (certificate === undefined) return undefined;
  const subject = certificate.toLegacyObject().subject as Readonly<
    Record<string, string | readonly string[] | undefined>
  >;
  const [commonName = ""] = list(subject.CN);
  return {
    commonName,
    organizationalUnits: list(subject.OU),
    expires: new Date(certificate.validTo),
    attributes: readAttributes(certificate.raw),
  };
}

function parse(pem: Uint8Array): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined; // OpenSSL's errors all mean the same here: not a certificate
  }
}

const list = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === "string" ? [value] : value;

function readAttributes(der: Uint8Array): Record<string, string> {
  const value = findExtension(der);
  if (value === undefined) return {};
  try {
    const parsed: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(value));
    const attributes = typeof parsed === "object" && parsed !== null && "attrs" in parsed ? parsed.attrs : undefined;
    if (typeof attributes !== "object" || attributes === null) return {};
    return Object.fromEntries(
      Object.entries(attributes).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
    );
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return {};
    throw error;
  }
}

function findExtension(der: Uint8Array): Uint8Array | undefined {
  const [certificate] = elements(der);
  const [tbs] = certificate === undefined ? [] : elements(certificate.content);
  const extensions = tbs === undefined ? undefined : elements(tbs.content).find(({ tag }) => tag === EXTENSIONS);
  const [sequence] = extensions === undefined ? [] : elements(extensions.content);
  if (sequence === undefined) return undefined;
  for (const extension of elements(sequence.content)) {
    if (extension.tag !== SEQUENCE) continue;
    const parts = elements(extension.content);
    const [oid] = parts;
    const value = parts.at(-1);
    if (oid?.tag === OBJECT_IDENTIFIER && Buffer.compare(oid.content, ATTRIBUTES_OID) === 0) {
      return value?.tag === OCTET_STRING ? value.content : undefined;
    }
  }
  return undefined;
}

interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
}

/** The DER elements that follow each other in some bytes, up to the first that does not fit. */
function elements(bytes: Uint8Array): Element[] {
  const found: Element[] = [];
  let at = 0;
  for (;;) {
    const tag = bytes[at];
    const first = bytes[at + 1];
    if (tag === undefined || first === undefined) return found;
    const longForm = first & 0x80 ? first & 0x7f : 0;
    let length = longForm === 0 ? first : 0;
    for (const byte of bytes.subarray(at + 2, at + 2 + longForm)) length = length * 256 + byte;
    const start = at + 2 + longForm;
    if (start + length > bytes.length) return found;
    found.push({ tag, content: bytes.subarray(start, start + length) });
    at = start + length;
  }
}
