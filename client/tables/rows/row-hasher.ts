import { type Cipher, createCipheriv } from "node:crypto";
import { HASH_BYTES, type Hash } from "@wanlian/model/merkle.js";
import { SALT_BYTES } from "@wanlian/model/release/row-proof.js";
import { ShortHasher } from "./sha256.js";

/** Rows hashed at a time: their salts are made by one call. */
const CHUNK_ROWS = 256;
const LF = 0x0a;
const LEAF = 0x00;
const CELL = 0x02;
const UINT32 = 2 ** 32;

export interface HashedRow {
  readonly leaf: Buffer;
  /** Of its cells, {@link SALT_BYTES} each. */
  readonly salts: Buffer;
  /** To its cells, {@link HASH_BYTES} each. */
  readonly commitments: Buffer;
}

/**
 * Hashes rows as docs/formats/row-tree.md has it. The salts of a row are AES-256-CTR's key stream under the release's
 * key, from SHA-256 of the row on: so only who has the key can make them, whoever has key and row makes the same.
 */
export class RowHasher {
  readonly #fields: number;
  readonly #cipher: Cipher;
  readonly #hasher = new ShortHasher();
  /** Of each cell of a chunk, where its line begins in {@link #lines}; and where the last ends. */
  readonly #starts: Uint32Array;
  #lines: Buffer = Buffer.allocUnsafeSlow(64 * 1024);
  #commitments: Buffer = Buffer.allocUnsafeSlow(0);

  /** @param key of the release, 32 bytes */
  constructor(key: Uint8Array, fields: number) {
    this.#fields = fields;
    // Blocks of a counter, each enciphered by itself, are the key stream of counter mode; for many rows in one call.
    this.#cipher = createCipheriv("aes-256-ecb", key, null).setAutoPadding(false);
    this.#starts = new Uint32Array(CHUNK_ROWS * fields + 1);
  }

  /** The leaves of the rows from `from` on, {@link HASH_BYTES} each. @param columns canonical, one a field */
  leaves(columns: readonly Uint8Array[], rows: number, from = 0): Buffer<ArrayBuffer> {
    const leaves = Buffer.allocUnsafeSlow((rows - from) * HASH_BYTES);
    const places = columns.map((column) => skipLines(column, from));
    for (let row = from; row < rows; row += CHUNK_ROWS) {
      const count = Math.min(CHUNK_ROWS, rows - row);
      this.#gather(columns, places, count);
      this.#hash(this.#salts(count), count, leaves, (row - from) * HASH_BYTES);
    }
    return leaves;
  }

  /** One row by its cells' lines. */
  row(lines: readonly Uint8Array[]): HashedRow {
    const places = new Uint32Array(lines.length);
    this.#gather(lines, [...places], 1);
    const salts = this.#salts(1);
    const leaf = Buffer.allocUnsafe(HASH_BYTES);
    this.#hash(salts, 1, leaf, 0);
    return { leaf, salts, commitments: Buffer.from(this.#commitments) };
  }

  /** The cells of the first row that has this commitment to one of them; undefined where none has. */
  rowWith(commitment: Hash, columns: readonly Uint8Array[], rows: number): HashedRow | undefined {
    const places = columns.map(() => 0);
    const leaf = Buffer.allocUnsafe(HASH_BYTES);
    for (let row = 0; row < rows; row += 1) {
      this.#gather(columns, places, 1);
      const salts = this.#salts(1);
      this.#hash(salts, 1, leaf, 0);
      if (!hasPiece(this.#commitments, commitment)) continue;
      return { leaf, salts, commitments: Buffer.from(this.#commitments) };
    }
    return undefined;
  }

  /** Puts the lines of whole rows one after the other, row by row. */
  #gather(columns: readonly Uint8Array[], places: number[], rows: number): void {
    const fields = this.#fields;
    let at = 0;
    for (let cell = 0; cell < rows * fields; cell += 1) {
      const field = cell % fields;
      const column = columns[field] as Uint8Array;
      this.#starts[cell] = at;
      let from = places[field] as number;
      for (;;) {
        if (at === this.#lines.length) this.#grow();
        const byte = column[from++] ?? LF;
        this.#lines[at++] = byte;
        if (byte === LF) break;
      }
      places[field] = from;
    }
    this.#starts[rows * fields] = at;
  }

  #grow(): void {
    const grown = Buffer.allocUnsafeSlow(this.#lines.length * 2);
    grown.set(this.#lines);
    this.#lines = grown;
  }

  /** The salts of the rows that were gathered. */
  #salts(rows: number): Buffer {
    const fields = this.#fields;
    const counters = Buffer.allocUnsafe(rows * fields * SALT_BYTES);
    for (let row = 0; row < rows; row += 1) {
      const from = this.#starts[row * fields] as number;
      const length = (this.#starts[(row + 1) * fields] as number) - from;
      copy(this.#lines, from, from + length, this.#hasher.message(length), 0);
      writeCounters(counters, row * fields * SALT_BYTES, this.#hasher.digest(length), fields);
    }
    return this.#cipher.update(counters);
  }

  #hash(salts: Buffer, rows: number, leaves: Buffer, at: number): void {
    const fields = this.#fields;
    const width = 1 + fields * HASH_BYTES;
    for (let row = 0; row < rows; row += 1) {
      let commitments = "";
      for (let cell = row * fields; cell < (row + 1) * fields; cell += 1) {
        const from = this.#starts[cell] as number;
        const to = this.#starts[cell + 1] as number;
        const message = this.#hasher.message(1 + SALT_BYTES + to - from);
        message[0] = CELL;
        copy(salts, cell * SALT_BYTES, (cell + 1) * SALT_BYTES, message, 1);
        copy(this.#lines, from, to, message, 1 + SALT_BYTES);
        commitments += this.#hasher.digest(1 + SALT_BYTES + to - from);
      }
      const message = this.#hasher.message(width);
      message[0] = LEAF;
      message.write(commitments, 1, width - 1, "latin1");
      leaves.write(this.#hasher.digest(width), at + row * HASH_BYTES, HASH_BYTES, "latin1");
      this.#commitments = message.subarray(1, width);
    }
  }
}

/** A block of the counter for each field: the first is the beginning of a digest, a big-endian number. */
function writeCounters(counters: Buffer, at: number, digest: string, fields: number): void {
  counters.write(digest, at, SALT_BYTES, "latin1");
  const low = counters.readUInt32BE(at + 12);
  for (let field = 1; field < fields; field += 1) {
    const to = at + field * SALT_BYTES;
    counters.copyWithin(to, to - SALT_BYTES, to);
    counters.writeUInt32BE((low + field) % UINT32, to + 12);
    if (low + field === UINT32) carry(counters, to);
  }
}

/** Adds one to the upper 12 bytes. */
function carry(counters: Buffer, at: number): void {
  for (let byte = at + 11; byte >= at; byte -= 1) {
    counters[byte] = ((counters[byte] as number) + 1) & 0xff;
    if (counters[byte] !== 0) return;
  }
}

/** A loop: cells are short, and a call takes longer. */
function copy(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): void {
  for (let i = start, j = at; i < end; i += 1, j += 1) to[j] = from[i] as number;
}

/** Whether one of the hashes that stand one after the other is this one. */
function hasPiece(hashes: Buffer, wanted: Hash): boolean {
  for (let at = hashes.indexOf(wanted); at >= 0; at = hashes.indexOf(wanted, at + 1)) {
    if (at % HASH_BYTES === 0) return true;
  }
  return false;
}

function skipLines(column: Uint8Array, lines: number): number {
  let at = 0;
  for (let line = 0; line < lines; line += 1) at = column.indexOf(LF, at) + 1;
  return at;
}
