import { allocate } from "../bytes.js";

const utf8 = new TextEncoder();

const INITIAL_BYTES = 1024;
/** A writer that is used again keeps a buffer up to this size: a block of a busy channel. */
const MAX_KEPT_BYTES = 1024 * 1024;

/** Writes protobuf's primitives into a buffer that grows. */
export class Writer {
  #buffer = new Uint8Array(INITIAL_BYTES);
  #length = 0;

  tag(number: number, wireType: number): void {
    this.uint32(((number << 3) | wireType) >>> 0);
  }

  uint32(value: number): void {
    this.#reserve(5);
    this.#varint(value);
  }

  /** Negative numbers take ten bytes, as in any protobuf. */
  int32(value: number): void {
    if (value < 0) this.uint64(BigInt(value));
    else this.uint32(value);
  }

  uint64(value: bigint): void {
    this.#reserve(10);
    let rest = BigInt.asUintN(64, value);
    while (rest > 0x7fn) {
      this.#buffer[this.#length++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.#buffer[this.#length++] = Number(rest);
  }

  bytes(value: Uint8Array): void {
    this.uint32(value.length);
    this.raw(value);
  }

  string(value: string): void {
    const length = Buffer.byteLength(value);
    this.uint32(length);
    this.#reserve(length);
    utf8.encodeInto(value, this.#buffer.subarray(this.#length, this.#length + length));
    this.#length += length;
  }

  /** Begins a part whose length stands before it; what is written until `close` belongs to it. */
  open(): number {
    this.#reserve(1);
    return this.#length++;
  }

  /** Ends the part that `open` began. Most are shorter than 128 bytes; a longer one moves to make room for its length. */
  close(opened: number): void {
    const start = opened + 1;
    const length = this.#length - start;
    const more = varintSize(length) - 1;
    if (more > 0) {
      this.#reserve(more);
      this.#buffer.copyWithin(start + more, start, this.#length);
    }
    this.#length = opened;
    // Without reserving: what stands behind would be left out of a larger buffer.
    this.#varint(length);
    this.#length += length;
  }

  raw(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
  }

  finish(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  /** What was written, in memory of its own; the writer is empty again. */
  take(): Uint8Array {
    const large = this.#buffer.length > MAX_KEPT_BYTES;
    const written = large ? this.finish() : copyOf(this.finish());
    if (large) this.#buffer = new Uint8Array(INITIAL_BYTES);
    this.#length = 0;
    return written;
  }

  #varint(value: number): void {
    let rest = value >>> 0;
    while (rest > 0x7f) {
      this.#buffer[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#buffer[this.#length++] = rest;
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#buffer.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
    grown.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = grown;
  }
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) size += 1;
  return size;
}

function copyOf(bytes: Uint8Array): Uint8Array {
  const copy = allocate(bytes.length);
  copy.set(bytes);
  return copy;
}
