/** ECDSA signatures as Fabric reads and writes them: DER, low S. */
import { ProtocolError } from "../errors.js";
import { DerReader, derInteger, encodeDer, encodeUnsigned, positiveBytes, Tag } from "./der.js";

export interface Curve {
  readonly name: "P-224" | "P-256" | "P-384" | "P-521";
  /** The order of its base point. */
  readonly order: bigint;
  /** Bytes of r and of s in the fixed form (IEEE P1363). */
  readonly size: number;
}

/** By object identifier. Orders: SEC 2, FIPS 186-4. */
const CURVES: ReadonlyMap<string, Curve> = new Map([
  ["1.3.132.0.33", { name: "P-224", order: 0xffffffffffffffffffffffffffff16a2e0b8f03e13dd29455c5c2a3dn, size: 28 }],
  [
    "1.2.840.10045.3.1.7",
    { name: "P-256", order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n, size: 32 },
  ],
  [
    "1.3.132.0.34",
    {
      name: "P-384",
      order: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
      size: 48,
    },
  ],
  [
    "1.3.132.0.35",
    {
      name: "P-521",
      order:
        0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
      size: 66,
    },
  ],
]);

export const curveOf = (objectIdentifier: string): Curve | undefined => CURVES.get(objectIdentifier);

export interface EcdsaSignature {
  readonly r: bigint;
  readonly s: bigint;
}

/**
 * Reads a signature as Go's encoding/asn1 does: what follows the SEQUENCE, or S inside it, is ignored; lengths and integers must be
 * minimal; r and s must be positive.
 * @throws ProtocolError MALFORMED
 */
export function parseSignature(der: Uint8Array): EcdsaSignature {
  const sequence = new DerReader(new DerReader(der).next(Tag.SEQUENCE).content);
  const r = derInteger(sequence.next(Tag.INTEGER));
  const s = derInteger(sequence.next(Tag.INTEGER));
  if (r <= 0n || s <= 0n) throw new ProtocolError("MALFORMED", "malformed signature: r and s must be positive");
  return { r, s };
}

/** Whether these bytes are a signature and nothing else: the one form in which {@link encodeSignature} writes it. */
export function isStrictSignature(der: Uint8Array): boolean {
  try {
    const outer = new DerReader(der);
    const sequence = new DerReader(outer.next(Tag.SEQUENCE).content);
    const r = positiveBytes(sequence.next(Tag.INTEGER));
    const s = positiveBytes(sequence.next(Tag.INTEGER));
    return r !== undefined && s !== undefined && sequence.done && outer.done;
  } catch (error) {
    if (error instanceof ProtocolError) return false;
    throw error;
  }
}

/**
 * r ‖ s in fixed width of a signature with low S, read as {@link parseSignature} does; undefined for any other. Without
 * big numbers, since an audit reads millions.
 */
export function lowSInFixedWidth(der: Uint8Array, curve: Curve): Uint8Array | undefined {
  try {
    const sequence = new DerReader(new DerReader(der).next(Tag.SEQUENCE).content);
    const r = positiveBytes(sequence.next(Tag.INTEGER));
    const s = positiveBytes(sequence.next(Tag.INTEGER));
    if (r === undefined || s === undefined || r.length > curve.size || s.length > curve.size) return undefined;
    const fixed = Buffer.alloc(2 * curve.size);
    fixed.set(r, curve.size - r.length);
    fixed.set(s, 2 * curve.size - s.length);
    const { order, half } = boundsOf(curve);
    const isBelow = order.compare(fixed, 0, curve.size) > 0;
    return isBelow && half.compare(fixed, curve.size) >= 0 ? fixed : undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

interface Bounds {
  /** Of the base point, and half of it: the largest low S. Fixed width. */
  readonly order: Buffer;
  readonly half: Buffer;
}

const bounds = new Map<Curve["name"], Bounds>();

function boundsOf({ name, order, size }: Curve): Bounds {
  const known = bounds.get(name);
  if (known !== undefined) return known;
  const bytes = (value: bigint) => Buffer.from(value.toString(16).padStart(2 * size, "0"), "hex");
  const made = { order: bytes(order), half: bytes(order >> 1n) };
  bounds.set(name, made);
  return made;
}

export const encodeSignature = ({ r, s }: EcdsaSignature): Uint8Array =>
  encodeDer(Tag.SEQUENCE, encodeUnsigned(r), encodeUnsigned(s));

export const isLowS = (signature: EcdsaSignature, curve: Curve): boolean => signature.s <= curve.order >> 1n;

/** The same signature with the smaller of its two possible values of S, encoded canonically. */
export function toLowS(der: Uint8Array, curve: Curve): Uint8Array {
  const signature = parseSignature(der);
  if (isLowS(signature, curve)) return encodeSignature(signature);
  return encodeSignature({ r: signature.r, s: curve.order - signature.s });
}

/** r ‖ s in fixed width, or nothing when they do not fit (such a signature cannot be right). */
export function toFixedWidth({ r, s }: EcdsaSignature, curve: Curve): Uint8Array | undefined {
  if (r >= curve.order || s >= curve.order) return undefined;
  const hex = (value: bigint): string => value.toString(16).padStart(2 * curve.size, "0");
  return Buffer.from(hex(r) + hex(s), "hex");
}
