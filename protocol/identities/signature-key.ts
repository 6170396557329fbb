import { type KeyObject, type VerifyKeyObjectInput, verify } from "node:crypto";
import { type Curve, lowSInFixedWidth } from "./ecdsa.js";

/** A certificate's key, with what its MSP says of signatures: all that verifying takes. Can be sent to another thread. */
export interface SignatureKey {
  readonly key: KeyObject;
  /** Null: the algorithm has its own. */
  readonly digest: string | null;
  /** Of an ECDSA key; undefined: Ed25519. */
  readonly curve: Curve | undefined;
}

/** Whether the signature (DER with low S for ECDSA) over the data is that key's. */
export function verifiesHere(key: SignatureKey, data: Uint8Array, signature: Uint8Array): boolean {
  const fixed = fixedWidth(key, signature);
  return fixed !== undefined && verify(key.digest, data, inputOf(key), fixed);
}

/** The same on the thread pool. */
export async function verifies(key: SignatureKey, data: Uint8Array, signature: Uint8Array): Promise<boolean> {
  const fixed = fixedWidth(key, signature);
  if (fixed === undefined) return false;
  return await new Promise((resolve, reject) => {
    verify(key.digest, data, inputOf(key), fixed, (error, valid) => (error === null ? resolve(valid) : reject(error)));
  });
}

/** Undefined for a signature that cannot be right. */
function fixedWidth({ curve }: SignatureKey, signature: Uint8Array): Uint8Array | undefined {
  return curve === undefined ? signature : lowSInFixedWidth(signature, curve);
}

function inputOf({ key }: SignatureKey): VerifyKeyObjectInput {
  return { key, dsaEncoding: "ieee-p1363" };
}
