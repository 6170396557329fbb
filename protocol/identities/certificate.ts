import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";
import { equalBytes, toHex } from "../bytes.js";
import { ProtocolError } from "../errors.js";
import { DerReader, type DerValue, derBitString, derInteger, derObjectIdentifier, encodeDer, Tag } from "./der.js";
import { type Curve, curveOf, toLowS } from "./ecdsa.js";
import { decodePem } from "./pem.js";

export type KeyAlgorithm = "ecdsa" | "ed25519" | "rsa" | "other";

export interface Extension {
  readonly critical: boolean;
  readonly value: Uint8Array;
}

/** Object identifiers of names' attributes, extensions and algorithms (RFC 5280, RFC 5758, RFC 8410). */
export const Oid = {
  COMMON_NAME: "2.5.4.3",
  SERIAL_NUMBER: "2.5.4.5",
  ORGANIZATIONAL_UNIT: "2.5.4.11",
  SUBJECT_KEY_ID: "2.5.29.14",
  KEY_USAGE: "2.5.29.15",
  SUBJECT_ALT_NAME: "2.5.29.17",
  BASIC_CONSTRAINTS: "2.5.29.19",
  NAME_CONSTRAINTS: "2.5.29.30",
  AUTHORITY_KEY_ID: "2.5.29.35",
  EXTENDED_KEY_USAGE: "2.5.29.37",
  EC_PUBLIC_KEY: "1.2.840.10045.2.1",
  RSA: "1.2.840.113549.1.1.1",
  ED25519: "1.3.101.112",
} as const;

/** Signature algorithms that Go accepts on certificates, with their digest; Ed25519 has none. */
const SIGNATURE_DIGESTS: ReadonlyMap<string, string | null> = new Map<string, string | null>([
  ["1.2.840.10045.4.3.2", "sha256"],
  ["1.2.840.10045.4.3.3", "sha384"],
  ["1.2.840.10045.4.3.4", "sha512"],
  ["1.2.840.113549.1.1.11", "sha256"],
  ["1.2.840.113549.1.1.12", "sha384"],
  ["1.2.840.113549.1.1.13", "sha512"],
  [Oid.ED25519, null],
]);

const ECDSA_SIGNATURES: ReadonlySet<string> = new Set([
  "1.2.840.10045.4.1",
  "1.2.840.10045.4.3.2",
  "1.2.840.10045.4.3.3",
  "1.2.840.10045.4.3.4",
]);

/** Something with a signature of a CA: a certificate or a revocation list. */
export interface SignedByAuthority {
  readonly toBeSigned: Uint8Array;
  readonly signatureAlgorithm: string;
  readonly signature: Uint8Array;
}

/** An X.509 certificate, read once. */
export class Certificate implements SignedByAuthority {
  readonly raw: Uint8Array;
  readonly toBeSigned: Uint8Array;
  readonly signatureAlgorithm: string;
  readonly signature: Uint8Array;
  readonly version: number;
  readonly serialNumber: bigint;
  /** DER of the names. */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  /** The subject's attributes in order. */
  readonly subjectAttributes: readonly { readonly type: string; readonly value: string }[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly subjectPublicKeyInfo: Uint8Array;
  readonly keyAlgorithm: KeyAlgorithm;
  /** Of an ECDSA key. */
  readonly curve: Curve | undefined;
  readonly extensions: ReadonlyMap<string, Extension>;
  /** Read with the certificate: a key that is none (a point off its curve) makes the certificate one that does not parse, as in Go. */
  readonly publicKey: KeyObject;
  readonly #signatureAlgorithmRaw: Uint8Array;

  /** @throws ProtocolError MALFORMED */
  constructor(der: Uint8Array) {
    const outer = new DerReader(der);
    const whole = outer.next(Tag.SEQUENCE);
    if (!outer.done) throw new ProtocolError("MALFORMED", "malformed certificate: bytes after its end");
    this.raw = whole.raw;
    const parts = new DerReader(whole.content);
    const tbs = parts.next(Tag.SEQUENCE);
    const algorithm = parts.next(Tag.SEQUENCE);
    this.toBeSigned = tbs.raw;
    this.#signatureAlgorithmRaw = algorithm.raw;
    this.signatureAlgorithm = derObjectIdentifier(new DerReader(algorithm.content).next());
    this.signature = derBitString(parts.next(Tag.BIT_STRING));

    const fields = new DerReader(tbs.content);
    const version = fields.optional(0xa0);
    this.version = version === undefined ? 1 : Number(derInteger(new DerReader(version.content).next())) + 1;
    this.serialNumber = derInteger(fields.next(Tag.INTEGER));
    fields.next(Tag.SEQUENCE);
    this.issuer = fields.next(Tag.SEQUENCE).raw;
    const validity = new DerReader(fields.next(Tag.SEQUENCE).content);
    this.notBefore = time(validity.next());
    this.notAfter = time(validity.next());
    const subject = fields.next(Tag.SEQUENCE);
    this.subject = subject.raw;
    this.subjectAttributes = attributes(subject.content);
    const key = fields.next(Tag.SEQUENCE);
    this.subjectPublicKeyInfo = key.raw;
    const keyType = new DerReader(new DerReader(key.content).next(Tag.SEQUENCE).content);
    const keyOid = derObjectIdentifier(keyType.next());
    this.curve = keyOid === Oid.EC_PUBLIC_KEY ? curveOf(derObjectIdentifier(keyType.next())) : undefined;
    this.keyAlgorithm = keyAlgorithm(keyOid, this.curve);
    if (this.keyAlgorithm === "other")
      throw new ProtocolError("MALFORMED", `malformed certificate: key type ${keyOid}`);
    fields.optional(0x81);
    fields.optional(0x82);
    this.extensions = readExtensions(fields.optional(0xa3));
    this.publicKey = readPublicKey(key.raw);
  }

  /** @throws ProtocolError MALFORMED */
  static fromPem(pem: Uint8Array | string): Certificate {
    return new Certificate(decodePem(pem));
  }

  get organizationalUnits(): readonly string[] {
    return this.#subjectValues(Oid.ORGANIZATIONAL_UNIT);
  }

  get commonName(): string {
    return this.#subjectValues(Oid.COMMON_NAME).at(-1) ?? "";
  }

  /** Hex SHA-256 of the certificate. */
  get fingerprint(): string {
    return toHex(createHash("sha256").update(this.raw).digest());
  }

  get ecdsaSigned(): boolean {
    return ECDSA_SIGNATURES.has(this.signatureAlgorithm);
  }

  /** Basic constraints: present, CA flag and path length (absent: unlimited). */
  get basicConstraints(): { readonly ca: boolean; readonly pathLength: number | undefined } | undefined {
    const extension = this.extensions.get(Oid.BASIC_CONSTRAINTS);
    if (extension === undefined) return undefined;
    const sequence = new DerReader(new DerReader(extension.value).next(Tag.SEQUENCE).content);
    const ca = sequence.optional(Tag.BOOLEAN)?.content[0] === 0xff;
    const length = sequence.optional(Tag.INTEGER);
    return { ca, pathLength: length === undefined ? undefined : Number(derInteger(length)) };
  }

  get isCa(): boolean {
    return this.basicConstraints?.ca ?? false;
  }

  /** Whether a key usage extension, if there is one, allows signing certificates (bit 5). */
  get maySignCertificates(): boolean {
    const usage = this.extensions.get(Oid.KEY_USAGE);
    if (usage === undefined) return true;
    const bits = derBitString(new DerReader(usage.value).next(Tag.BIT_STRING))[0] ?? 0;
    return bits === 0 || (bits & 0x04) !== 0;
  }

  /** Extended key usages by object identifier; absent where the extension is. */
  get extendedKeyUsages(): readonly string[] | undefined {
    const extension = this.extensions.get(Oid.EXTENDED_KEY_USAGE);
    if (extension === undefined) return undefined;
    const usages = new DerReader(new DerReader(extension.value).next(Tag.SEQUENCE).content);
    const found: string[] = [];
    while (!usages.done) found.push(derObjectIdentifier(usages.next()));
    return found;
  }

  get subjectKeyId(): Uint8Array | undefined {
    const extension = this.extensions.get(Oid.SUBJECT_KEY_ID);
    return extension === undefined ? undefined : new DerReader(extension.value).next(Tag.OCTET_STRING).content;
  }

  equals(other: Certificate): boolean {
    return equalBytes(this.raw, other.raw);
  }

  /** Whether this certificate's key made that signature. */
  signed(what: SignedByAuthority): boolean {
    const digest = SIGNATURE_DIGESTS.get(what.signatureAlgorithm);
    if (digest === undefined) return false;
    const ecdsa = ECDSA_SIGNATURES.has(what.signatureAlgorithm);
    if (
      ecdsa
        ? this.keyAlgorithm !== "ecdsa"
        : digest === null
          ? this.keyAlgorithm !== "ed25519"
          : this.keyAlgorithm !== "rsa"
    ) {
      return false;
    }
    return verify(digest, what.toBeSigned, this.publicKey, what.signature);
  }

  /** The certificate with its ECDSA signature in low S: the form whose hash identifies it (Fabric's sanitizeCert). */
  withLowS(issuer: Certificate): Certificate {
    if (!this.ecdsaSigned || issuer.curve === undefined) return this;
    const signature = toLowS(this.signature, issuer.curve);
    if (equalBytes(signature, this.signature)) return this;
    const bits = encodeDer(Tag.BIT_STRING, Uint8Array.of(0), signature);
    return new Certificate(encodeDer(Tag.SEQUENCE, this.toBeSigned, this.#signatureAlgorithmRaw, bits));
  }

  #subjectValues(type: string): readonly string[] {
    return this.subjectAttributes.filter((attribute) => attribute.type === type).map((attribute) => attribute.value);
  }
}

function readPublicKey(spki: Uint8Array): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });
  } catch (cause) {
    throw new ProtocolError("MALFORMED", "malformed certificate: its public key is none that is known", { cause });
  }
}

function keyAlgorithm(oid: string, curve: Curve | undefined): KeyAlgorithm {
  if (oid === Oid.EC_PUBLIC_KEY) return curve === undefined ? "other" : "ecdsa";
  if (oid === Oid.ED25519) return "ed25519";
  return oid === Oid.RSA ? "rsa" : "other";
}

function attributes(name: Uint8Array): { type: string; value: string }[] {
  const found: { type: string; value: string }[] = [];
  const sets = new DerReader(name);
  while (!sets.done) {
    const set = new DerReader(sets.next(Tag.SET).content);
    while (!set.done) {
      const pair = new DerReader(set.next(Tag.SEQUENCE).content);
      const type = derObjectIdentifier(pair.next());
      found.push({ type, value: characters(pair.next()) });
    }
  }
  return found;
}

function characters({ tag, content }: DerValue): string {
  if (tag === Tag.BMP_STRING) return Buffer.from(content).swap16().toString("utf16le");
  return Buffer.from(content).toString("utf8");
}

function readExtensions(value: DerValue | undefined): Map<string, Extension> {
  const found = new Map<string, Extension>();
  if (value === undefined) return found;
  const list = new DerReader(new DerReader(value.content).next(Tag.SEQUENCE).content);
  while (!list.done) {
    const [oid, extension] = readExtension(list.next(Tag.SEQUENCE).content);
    if (found.has(oid)) throw new ProtocolError("MALFORMED", `malformed certificate: extension ${oid} twice`);
    found.set(oid, extension);
  }
  return found;
}

/** One Extension (RFC 5280 §4.1), in certificates and revocation lists alike. */
export function readExtension(content: Uint8Array): [string, Extension] {
  const fields = new DerReader(content);
  const oid = derObjectIdentifier(fields.next());
  const critical = fields.optional(Tag.BOOLEAN)?.content[0] === 0xff;
  return [oid, { critical, value: fields.next(Tag.OCTET_STRING).content }];
}

function time({ tag, content }: DerValue): Date {
  const text = Buffer.from(content).toString("latin1");
  const match = (
    tag === Tag.UTC_TIME
      ? /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/
      : /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/
  ).exec(text);
  if (match === null || (tag !== Tag.UTC_TIME && tag !== Tag.GENERALIZED_TIME)) {
    throw new ProtocolError("MALFORMED", `malformed certificate: time "${text}"`);
  }
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  const century = tag === Tag.UTC_TIME ? (year < 50 ? 2000 : 1900) : 0;
  return new Date(Date.UTC(century + year, month - 1, day, hour, minute, second));
}
