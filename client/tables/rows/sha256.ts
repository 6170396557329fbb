import { hash } from "node:crypto";

const SHA256_BYTES = 32;
/** Most of what is hashed here is shorter; a view of each length is made once. */
const MAX_KEPT_VIEW = 1024;

/**
 * SHA-256 of many short messages: from and into memory of its own. A buffer for each message or digest would take
 * three times as long as hashing it.
 */
export class ShortHasher {
  #message: Buffer = Buffer.allocUnsafeSlow(4096);
  #views: (Buffer | undefined)[] = [];

  /** Where a message is to be written; good until the next call. */
  message(length: number): Buffer {
    if (length > this.#message.length) {
      this.#message = Buffer.allocUnsafeSlow(length * 2);
      this.#views = [];
    }
    return this.#message;
  }

  /** Of the first bytes of {@link message}: one character a byte. */
  digest(length: number): string {
    return hash("sha256", this.#view(length), "binary");
  }

  #view(length: number): Buffer {
    if (length > MAX_KEPT_VIEW) return this.#message.subarray(0, length);
    const known = this.#views[length];
    if (known !== undefined) return known;
    const view = this.#message.subarray(0, length);
    this.#views[length] = view;
    return view;
  }
}

/** The nodes above pairs of hashes (RFC 6962): half as many. */
export function hashPairs(hashes: Uint8Array): Buffer<ArrayBuffer> {
  const hasher = new ShortHasher();
  const width = 2 * SHA256_BYTES;
  const nodes = Buffer.allocUnsafeSlow(hashes.length / 2);
  const message = hasher.message(1 + width);
  message[0] = 0x01;
  for (let at = 0; at + width <= hashes.length; at += width) {
    for (let i = 0; i < width; i += 1) message[1 + i] = hashes[at + i] as number;
    nodes.write(hasher.digest(1 + width), at / 2, SHA256_BYTES, "latin1");
  }
  return nodes;
}
