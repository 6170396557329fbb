/** Byte strings: the order, equality and text forms that Fabric uses. */

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const strictDecoder = new TextDecoder("utf-8", { fatal: true });

export const NO_BYTES = new Uint8Array(0);

/** UTF-8 bytes of a text. */
export const utf8 = (text: string): Uint8Array => encoder.encode(text);

/** The text of UTF-8 bytes; bad bytes become U+FFFD. */
export const text = (bytes: Uint8Array): string => decoder.decode(bytes);

/** The same of what people hand in, without a byte order mark; undefined where it is not UTF-8: nothing is guessed. */
export function strictText(bytes: Uint8Array): string | undefined {
  try {
    return strictDecoder.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Order of byte strings as Go compares them. */
export const compareBytes = (left: Uint8Array, right: Uint8Array): number => Buffer.compare(left, right);

export const equalBytes = (left: Uint8Array, right: Uint8Array): boolean =>
  left.length === right.length && Buffer.compare(left, right) === 0;

/**
 * Order of strings by their UTF-8 bytes, as Go sorts them. UTF-16 agrees except that surrogates (U+D800 to U+DFFF, for code points above
 * U+FFFF) sort below U+E000 to U+FFFF there.
 */
export function compareUtf8(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) return rank(a) - rank(b);
  }
  return left.length - right.length;
}

/** Lifts surrogates above the rest of the basic plane. */
const rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);

/** Pieces of up to an eighth of a slab share one; what they are cut from goes when the last of them does. */
const SLAB_BYTES = 16 * 1024;
let slab = new ArrayBuffer(SLAB_BYTES);
let slabUsed = 0;

/** Zeroed bytes to write into. Memory of its own for each small piece would cost more than what is written there. */
export function allocate(length: number): Uint8Array {
  if (length > SLAB_BYTES / 8) return new Uint8Array(length);
  if (slabUsed + length > SLAB_BYTES) {
    slab = new ArrayBuffer(SLAB_BYTES);
    slabUsed = 0;
  }
  const piece = new Uint8Array(slab, slabUsed, length);
  slabUsed += length;
  return piece;
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = allocate(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export const toHex = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex");

/** A plain Uint8Array over the same memory, so that no Buffer (whose `slice` and printing differ) leaks into decoded messages. */
export const plainBytes = (bytes: Uint8Array): Uint8Array =>
  new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
