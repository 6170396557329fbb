import { Check } from "typebox/schema";
import { LedgerError } from "../errors.js";
import { type Instant, MspId, OfficerNumber } from "../identifiers.js";
import type { Actor } from "../kernel/act.js";
import { ATTRIBUTES_OID, ROLE_ATTRIBUTE, ROLES, type Role } from "../roles.js";
import { DerError, type DerValue, objectIdentifier, readDer, Tag } from "./der.js";
import { certificateIn } from "./pem.js";

const COMMON_NAME = "2.5.4.3";
const ORGANIZATIONAL_UNIT = "2.5.4.11";
/** The organizational unit of officers and applications (Fabric's NodeOUs). */
const CLIENT = "client";

/** What a certificate says of whom it was issued to. */
export interface Holder {
  readonly officer: OfficerNumber;
  readonly roles: readonly Role[];
  /** The organizational units of the subject. */
  readonly units: readonly string[];
  /** The certificate's NotAfter. */
  readonly certificateExpires: Instant;
}

/**
 * The officer in an identity. Whether the certificate is genuine is the MSP's question, which every peer asks by itself.
 * @param mspId of the `msp.SerializedIdentity`
 * @param certificate its id bytes: an X.509 certificate in canonical PEM
 * @throws LedgerError NOT_A_CLIENT, saying what is missing
 */
export function readOfficer(mspId: string, certificate: Uint8Array): Actor {
  if (!Check(MspId, mspId)) throw notAClient(`"${mspId}" can be no department's id`);
  const { officer, roles, units, certificateExpires } = readHolder(certificate);
  if (!units.includes(CLIENT)) throw notAClient("the certificate has no organizational unit client");
  return { department: mspId, officer, roles, certificateExpires };
}

/** @throws LedgerError NOT_A_CLIENT for what is no certificate in canonical PEM, or names no officer */
export function readHolder(certificate: Uint8Array): Holder {
  try {
    const { subject, notAfter, extensions } = readCertificate(certificate);
    const names = subject.filter(({ type }) => type === COMMON_NAME).map(({ value }) => value);
    const units = subject.filter(({ type }) => type === ORGANIZATIONAL_UNIT).map(({ value }) => value);
    const [officer] = names;
    if (names.length !== 1 || !Check(OfficerNumber, officer)) {
      throw notAClient("the certificate's common name is no officer's number");
    }
    return { officer, roles: rolesIn(extensions), units, certificateExpires: notAfter };
  } catch (error) {
    if (error instanceof DerError) throw notAClient(`the certificate cannot be read: ${error.message}`);
    throw error;
  }
}

const notAClient = (message: string) => new LedgerError("NOT_A_CLIENT", message);

interface CertificateFields {
  readonly subject: readonly { readonly type: string; readonly value: string }[];
  readonly notAfter: Instant;
  readonly extensions: readonly DerValue[];
}

/** RFC 5280 §4.1: version [0], serial, algorithm, issuer, validity, subject, key, … extensions [3]. */
function readCertificate(pem: Uint8Array): CertificateFields {
  const [certificate, ...more] = readDer(certificateIn(pem));
  const [toBeSigned] = readDer(expect(certificate, Tag.SEQUENCE));
  if (more.length > 0) throw new DerError("something follows it");
  const [version, ...fields] = readDer(expect(toBeSigned, Tag.SEQUENCE));
  expect(version, VERSION);
  const [serial, algorithm, issuer, validity, subject, key, ...options] = fields;
  expect(serial, Tag.INTEGER);
  for (const sequence of [algorithm, issuer, key]) expect(sequence, Tag.SEQUENCE);
  const [, notAfter] = readDer(expect(validity, Tag.SEQUENCE));
  const places = options.map(({ tag }) => OPTIONS.indexOf(tag));
  if (places.some((place, at) => place <= (places[at - 1] ?? -1))) throw new DerError("a part stands where none may");
  const [wrapped] = options.filter(({ tag }) => tag === EXTENSIONS).map(({ content }) => readDer(content));
  if (wrapped !== undefined && wrapped.length !== 1) throw new DerError("extensions stand twice");
  return {
    subject: readDer(expect(subject, Tag.SEQUENCE)).flatMap((set) => readDer(expect(set, Tag.SET)).map(readAttribute)),
    notAfter: readTime(notAfter),
    extensions: wrapped === undefined ? [] : readDer(expect(wrapped[0], Tag.SEQUENCE)),
  };
}

const VERSION = 0xa0;
const EXTENSIONS = 0xa3;
/** What may follow the key, each once and in this order: unique identifiers of issuer and subject, extensions. */
const OPTIONS: readonly number[] = [0x81, 0x82, EXTENSIONS];

function expect(value: DerValue | undefined, tag: number): Uint8Array {
  if (value?.tag !== tag) throw new DerError("a field is missing");
  return value.content;
}

function readAttribute(attribute: DerValue): { readonly type: string; readonly value: string } {
  const [type, value, ...more] = readDer(expect(attribute, Tag.SEQUENCE));
  if (!type || !value || more.length > 0) throw new DerError("a name's part is not a type and a value");
  return { type: objectIdentifier(type), value: Buffer.from(value.content).toString("utf8") };
}

/** RFC 5280 §4.1.2.5: UTCTime is 1950 to 2049, GeneralizedTime what lies beyond; both in whole seconds, UTC. */
function readTime(value: DerValue | undefined): Instant {
  const text = Buffer.from(value?.content ?? []).toString("latin1");
  const digits = value?.tag === Tag.UTC_TIME ? `${text < "50" ? "20" : "19"}${text}` : text;
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(digits);
  if (!parts) throw new DerError("a time cannot be read");
  const [, year, month, day, hour, minute, second] = parts;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}Z` as Instant;
}

function rolesIn(extensions: readonly DerValue[]): Role[] {
  const values = extensions
    .map(({ content }) => readDer(content))
    .filter(([type]) => type && objectIdentifier(type) === ATTRIBUTES_OID)
    .map((parts) => parts.at(-1)?.content);
  const [value] = values;
  if (values.length !== 1 || value === undefined) return [];
  const names = attribute(Buffer.from(value).toString("utf8"))
    .split(",")
    .map((name) => name.trim());
  return ROLES.filter((role) => names.includes(role));
}

/** A text in JSON, with its marks. */
const JSON_TEXT = /"(?:[^"\\]|\\.)*"/g;

/** The role attribute in the extension's JSON; empty if it is not there, or there twice: then nobody knows which holds. */
function attribute(json: string): string {
  try {
    // JSON.parse takes the last of two; told apart by what they spell, since a letter can stand as an escape.
    const texts = json.match(JSON_TEXT)?.map((text): unknown => JSON.parse(text)) ?? [];
    if (texts.filter((text) => text === ROLE_ATTRIBUTE).length > 1) return "";
    const parsed: unknown = JSON.parse(json);
    const attrs = typeof parsed === "object" && parsed !== null && "attrs" in parsed ? parsed.attrs : undefined;
    if (typeof attrs !== "object" || attrs === null || !Object.hasOwn(attrs, ROLE_ATTRIBUTE)) return "";
    const { [ROLE_ATTRIBUTE]: roles } = attrs as Record<string, unknown>;
    return typeof roles === "string" ? roles : "";
  } catch (error) {
    if (error instanceof SyntaxError) return "";
    throw error;
  }
}
