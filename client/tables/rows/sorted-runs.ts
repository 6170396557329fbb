import { type FileHandle, open } from "node:fs/promises";
import { HASH_BYTES } from "@wanlian/model/merkle.js";

/** Leaves sorted at a time: 4 MiB, and a second or less of work to be done again. */
export const RUN_LEAVES = 2 ** 17;
const RUN_BYTES = RUN_LEAVES * HASH_BYTES;
/** Of each run, while runs are merged. */
const CURSOR_BYTES = 64 * 1024;
const MERGED_BYTES = 1024 * 1024;

/**
 * Leaves in a file, in runs of {@link RUN_LEAVES} that are sorted each: what was interrupted goes on after the last
 * whole run, and merging takes memory for a piece of each.
 */
export class SortedRuns {
  readonly #file: FileHandle;
  #runs: number;
  readonly #run: Buffer = Buffer.allocUnsafeSlow(RUN_BYTES);
  #filled = 0;

  private constructor(file: FileHandle, runs: number) {
    this.#file = file;
    this.#runs = runs;
  }

  static async open(path: string): Promise<SortedRuns> {
    const file = await open(path, "a+", 0o600);
    const runs = Math.floor((await file.stat()).size / RUN_BYTES);
    await file.truncate(runs * RUN_BYTES);
    return new SortedRuns(file, runs);
  }

  /** Leaves that are in the file for good. */
  get kept(): number {
    return this.#runs * RUN_LEAVES;
  }

  get size(): number {
    return this.kept + this.#filled / HASH_BYTES;
  }

  async add(leaves: Uint8Array): Promise<void> {
    for (let at = 0; at < leaves.length; ) {
      const taken = leaves.subarray(at, at + RUN_BYTES - this.#filled);
      this.#run.set(taken, this.#filled);
      this.#filled += taken.length;
      at += taken.length;
      if (this.#filled === RUN_BYTES) await this.#keep();
    }
  }

  /** All leaves in the order of their bytes. Nothing is added after it. */
  async *merged(): AsyncGenerator<Buffer<ArrayBuffer>> {
    const last = sorted(this.#run.subarray(0, this.#filled));
    if (this.#runs === 0) {
      yield last;
      return;
    }
    const whole = Array.from({ length: this.#runs }, (_, run) => new Cursor(this.#file, run * RUN_BYTES));
    yield* merge([...whole, new Cursor(last)]);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #keep(): Promise<void> {
    await this.#file.appendFile(sorted(this.#run));
    await this.#file.datasync();
    this.#runs += 1;
    this.#filled = 0;
  }
}

/** Of 16 bits. */
const DIGITS = 2 ** 16;
const NONE = Buffer.alloc(0);

/** Goes through a sorted run. */
class Cursor {
  readonly #from: FileHandle | undefined;
  #at: number;
  readonly #end: number;
  #piece: Buffer;
  #place = 0;

  /** @param from a file, to be read from `at` on; or all of the run, at hand */
  constructor(from: FileHandle | Buffer<ArrayBuffer>, at = 0) {
    const inMemory = Buffer.isBuffer(from);
    this.#from = inMemory ? undefined : from;
    this.#piece = inMemory ? from : NONE;
    this.#at = at;
    this.#end = at + RUN_BYTES;
  }

  /** Undefined once the run is at its end. Good until {@link advance}. */
  get leaf(): Buffer | undefined {
    return this.#place < this.#piece.length ? this.#piece.subarray(this.#place, this.#place + HASH_BYTES) : undefined;
  }

  /** What the leaf begins with, as a number: most leaves differ in it. There has to be a leaf. */
  get head(): number {
    return this.#piece.readUInt32BE(this.#place);
  }

  copyTo(merged: Buffer, at: number): void {
    copyHash(this.#piece, this.#place, merged, at);
  }

  /** Whether the next leaf is at hand, or there is none. */
  get ready(): boolean {
    return this.#place < this.#piece.length || this.#from === undefined || this.#at === this.#end;
  }

  async fill(): Promise<void> {
    if (this.ready || this.#from === undefined) return;
    const length = Math.min(CURSOR_BYTES, this.#end - this.#at);
    const { buffer, bytesRead } = await this.#from.read(Buffer.allocUnsafeSlow(length), 0, length, this.#at);
    if (bytesRead !== length) throw new Error("a file of leaves ends before its run does");
    this.#piece = buffer;
    this.#place = 0;
    this.#at += length;
  }

  advance(): void {
    this.#place += HASH_BYTES;
  }
}

async function* merge(cursors: Cursor[]): AsyncGenerator<Buffer<ArrayBuffer>> {
  for (const cursor of cursors) await cursor.fill();
  // In the order of their leaves; the first is the next.
  const waiting = cursors.filter(({ leaf }) => leaf !== undefined).sort(byLeaf);
  let merged = Buffer.allocUnsafeSlow(MERGED_BYTES);
  let length = 0;
  for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
    first.copyTo(merged, length);
    length += HASH_BYTES;
    first.advance();
    if (!first.ready) await first.fill();
    settleFirst(waiting);
    if (length < MERGED_BYTES) continue;
    yield merged;
    merged = Buffer.allocUnsafeSlow(MERGED_BYTES);
    length = 0;
  }
  yield Buffer.from(merged.subarray(0, length));
}

/** Puts the first, which has moved on, where it belongs. */
function settleFirst(waiting: Cursor[]): void {
  const first = waiting.shift();
  if (first?.leaf === undefined) return;
  let [low, high] = [0, waiting.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (byLeaf(waiting[middle] as Cursor, first) < 0) low = middle + 1;
    else high = middle;
  }
  waiting.splice(low, 0, first);
}

function byLeaf(a: Cursor, b: Cursor): number {
  return a.head - b.head || Buffer.compare(a.leaf ?? NONE, b.leaf ?? NONE);
}

/** By the first four bytes as a number, which is fast; then those alike in these by all. */
export function sorted(leaves: Buffer): Buffer<ArrayBuffer> {
  const count = leaves.length / HASH_BYTES;
  const heads = new Uint32Array(count);
  for (let at = 0; at < count; at += 1) heads[at] = leaves.readUInt32BE(at * HASH_BYTES);
  const order = inOrder(heads);
  settleTies(leaves, heads, order);
  const result = Buffer.allocUnsafeSlow(leaves.length);
  for (let to = 0; to < count; to += 1) {
    copyHash(leaves, (order[to] as number) * HASH_BYTES, result, to * HASH_BYTES);
  }
  return result;
}

/** Places in the order of their numbers: counted by the lower 16 bits, then by the upper (radix sort). */
function inOrder(numbers: Uint32Array): Uint32Array<ArrayBuffer> {
  const places = new Uint32Array(numbers.length);
  for (let at = 0; at < places.length; at += 1) places[at] = at;
  return byDigit(numbers, byDigit(numbers, places, 0), 16);
}

function byDigit(numbers: Uint32Array, places: Uint32Array, shift: number): Uint32Array<ArrayBuffer> {
  const starts = new Uint32Array(DIGITS + 1);
  for (const number of numbers) {
    const digit = ((number >>> shift) & (DIGITS - 1)) + 1;
    starts[digit] = (starts[digit] as number) + 1;
  }
  for (let digit = 1; digit <= DIGITS; digit += 1) {
    starts[digit] = (starts[digit] as number) + (starts[digit - 1] as number);
  }
  const ordered = new Uint32Array(places.length);
  for (const place of places) {
    const digit = ((numbers[place] as number) >>> shift) & (DIGITS - 1);
    const to = starts[digit] as number;
    ordered[to] = place;
    starts[digit] = to + 1;
  }
  return ordered;
}

/** A loop: a call takes longer. */
function copyHash(from: Uint8Array, start: number, to: Uint8Array, at: number): void {
  for (let i = 0; i < HASH_BYTES; i += 1) to[at + i] = from[start + i] as number;
}

function settleTies(leaves: Buffer, heads: Uint32Array, order: Uint32Array): void {
  const headOf = (place: number) => heads[order[place] as number];
  const compare = (a: number, b: number) =>
    leaves.compare(leaves, b * HASH_BYTES, (b + 1) * HASH_BYTES, a * HASH_BYTES, (a + 1) * HASH_BYTES);
  for (let from = 0, to = 0; from < order.length; from = to) {
    const head = headOf(from);
    for (to = from + 1; to < order.length && headOf(to) === head; to += 1);
    if (to === from + 1) continue;
    const alike = order.subarray(from, to);
    // Rows that are the same throughout are many in some releases, and need no sorting.
    const first = alike[0] as number;
    if (!alike.every((other) => compare(first, other) === 0)) alike.sort(compare);
  }
}
