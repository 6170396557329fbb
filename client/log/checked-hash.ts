import { createHash } from "node:crypto";

/** What the checker of a log hashes by; written out once more, so that it shares nothing with what wrote the log. */
export const HASH = 32;
export const WIDTH = 256;

/** MTH of RFC 6962 §2.1 over concatenated leaf hashes, as the formula says it. */
export function rootOf(leaves: Buffer): Buffer {
  const count = leaves.length / HASH;
  if (count === 0) return sha();
  if (count === 1) return leaves;
  const k = 2 ** Math.ceil(Math.log2(count) - 1);
  return sha(Buffer.of(1), rootOf(leaves.subarray(0, k * HASH)), rootOf(leaves.subarray(k * HASH)));
}

export function sha(...parts: Uint8Array[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}
