import forge from "node-forge";
import { KeyError } from "../../core/index.js";

/*
 * DER as node-forge has it: its strings hold one byte a character. Forge knows no elliptic curves, so keys and
 * certificates pass through here as opaque structures and are understood by node:crypto.
 */

const { asn1 } = forge;

export type Asn1 = forge.asn1.Asn1;

/** An officer's key, certificate and chain need a few KiB; nothing larger is looked at. */
export const MAX_KEY_FILE_BYTES = 64 * 1024;

export const sequence = (...items: Asn1[]): Asn1 => asn1.create(asn1.Class.UNIVERSAL, asn1.Type.SEQUENCE, true, items);

export const set = (...items: Asn1[]): Asn1 => asn1.create(asn1.Class.UNIVERSAL, asn1.Type.SET, true, items);

export const oid = (dotted: string): Asn1 =>
  asn1.create(asn1.Class.UNIVERSAL, asn1.Type.OID, false, asn1.oidToDer(dotted).getBytes());

export const integer = (value: number): Asn1 =>
  asn1.create(asn1.Class.UNIVERSAL, asn1.Type.INTEGER, false, asn1.integerToDer(value).getBytes());

export const octets = (bytes: Uint8Array): Asn1 =>
  asn1.create(asn1.Class.UNIVERSAL, asn1.Type.OCTETSTRING, false, binary(bytes));

export const nothing = (): Asn1 => asn1.create(asn1.Class.UNIVERSAL, asn1.Type.NULL, false, "");

export const utf8 = (value: string): Asn1 =>
  asn1.create(asn1.Class.UNIVERSAL, asn1.Type.UTF8, false, binary(Buffer.from(value)));

export const bits = (bytes: Uint8Array): Asn1 =>
  asn1.create(asn1.Class.UNIVERSAL, asn1.Type.BITSTRING, false, `\0${binary(bytes)}`);

/** BMPString; forge writes two bytes a character by itself. */
export const text = (value: string): Asn1 => asn1.create(asn1.Class.UNIVERSAL, asn1.Type.BMPSTRING, false, value);

/** `[0]`, constructed: EXPLICIT around one item, or an IMPLICIT SET of any number. */
export const context = (...items: Asn1[]): Asn1 => asn1.create(asn1.Class.CONTEXT_SPECIFIC, 0, true, items);

const binary = (bytes: Uint8Array): string => Buffer.from(bytes).toString("binary");

export function encode(item: Asn1): Buffer {
  return Buffer.from(asn1.toDer(item).getBytes(), "binary");
}

/** Parses bounded, complete DER. Throws DAMAGED_KEY. */
export function decode(der: Uint8Array): Asn1 {
  if (der.length > MAX_KEY_FILE_BYTES) {
    throw new KeyError("DAMAGED_KEY", `A key file of ${der.length} bytes is not read; at most ${MAX_KEY_FILE_BYTES}.`);
  }
  try {
    return asn1.fromDer(forge.util.createBuffer(binary(der)), true);
  } catch (cause) {
    throw new KeyError("DAMAGED_KEY", "The key file is not DER as it should be.", { cause });
  }
}

/** The members of a SEQUENCE. Throws DAMAGED_KEY where it is none or has fewer than `least`. */
export function members(item: Asn1 | undefined, least: number): Asn1[] {
  if (item?.tagClass !== asn1.Class.UNIVERSAL || item.type !== asn1.Type.SEQUENCE) throw malformed();
  return inside(item, least);
}

/** What is inside a SET or a context tag. */
export function inside(item: Asn1 | undefined, least: number): Asn1[] {
  if (item === undefined || !Array.isArray(item.value) || item.value.length < least) throw malformed();
  return item.value;
}

export function asOid(item: Asn1 | undefined): string {
  return asn1.derToOid(primitive(item, asn1.Type.OID));
}

export function asOctets(item: Asn1 | undefined): Buffer {
  return Buffer.from(primitive(item, asn1.Type.OCTETSTRING), "binary");
}

/** A PrintableString or UTF8String. */
export function asText(item: Asn1 | undefined): string {
  if (typeof item?.value !== "string") throw malformed();
  return Buffer.from(item.value, "binary").toString("utf8");
}

/** A small non-negative integer; anything wider than 32 bits is DAMAGED_KEY. */
export function asNumber(item: Asn1 | undefined): number {
  const der = Buffer.from(primitive(item, asn1.Type.INTEGER), "binary");
  if (der.length === 0 || der.length > 4 || (der[0] ?? 0) > 0x7f) throw malformed();
  return der.readUIntBE(0, der.length);
}

export const isContext = (item: Asn1, tag: number): boolean =>
  item.tagClass === asn1.Class.CONTEXT_SPECIFIC && Number(item.type) === tag;

export const isInteger = (item: Asn1 | undefined): boolean => item?.type === asn1.Type.INTEGER;

function primitive(item: Asn1 | undefined, type: forge.asn1.Type): string {
  if (item === undefined || item.type !== type || typeof item.value !== "string") throw malformed();
  return item.value;
}

export const malformed = (): KeyError => new KeyError("DAMAGED_KEY", "The key file is not laid out as it should be.");
