/** ECDSA signatures as Fabric reads and writes them: DER, low S. */
import { ProtocolError } from "../errors.js";
import { DerReader, derInteger, encodeDer, encodeUnsigned, Tag } from "./der.js";

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
