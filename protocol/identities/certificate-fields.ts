/** The parts of certificates and revocation lists, read from DER (RFC 5280). */
import { createPublicKey, type KeyObject } from "node:crypto";
import { ProtocolError } from "../errors.js";
import { DerReader, type DerValue, derObjectIdentifier, Tag } from "./der.js";
import type { Curve } from "./ecdsa.js";

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

export function readPublicKey(spki: Uint8Array): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });
  } catch (cause) {
    throw new ProtocolError("MALFORMED", "malformed certificate: its public key is none that is known", { cause });
  }
}

export function keyAlgorithm(oid: string, curve: Curve | undefined): KeyAlgorithm {
  if (oid === Oid.EC_PUBLIC_KEY) return curve === undefined ? "other" : "ecdsa";
  if (oid === Oid.ED25519) return "ed25519";
  return oid === Oid.RSA ? "rsa" : "other";
}

export function attributes(name: Uint8Array): { type: string; value: string }[] {
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

export function readExtensions(value: DerValue | undefined): Map<string, Extension> {
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

export function time({ tag, content }: DerValue): Date {
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
