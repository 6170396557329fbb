import { closeSync, openSync, readSync } from "node:fs";
import { HASH_BYTES, type Hash, type NodeId, type ReadNode } from "@wanlian/model/merkle.js";
import { type Level, levelsOf } from "./row-tree-files.js";

/** The upper levels, which every proof needs, are held in memory: up to so much. */
const MAX_HELD_BYTES = 256 * 1024;

/** The hashes of a tree's complete subtrees in a file, level by level. */
export class NodeFile {
  readonly rows: number;
  readonly #fd: number;
  readonly #levels: readonly Level[];
  /** From a level on to the end of the file. */
  readonly #held: Buffer;
  readonly #heldFrom: number;

  private constructor(fd: number, rows: number) {
    this.rows = rows;
    this.#fd = fd;
    this.#levels = levelsOf(rows);
    const last = this.#levels.at(-1);
    const end = last === undefined ? 0 : last.start + HASH_BYTES;
    this.#heldFrom = this.#levels.find(({ start }) => end - start <= MAX_HELD_BYTES)?.start ?? end;
    this.#held = this.#readAt(this.#heldFrom, end - this.#heldFrom);
  }

  static open(path: string, rows: number): NodeFile {
    const fd = openSync(path, "r");
    try {
      return new NodeFile(fd, rows);
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  readonly read: ReadNode = ({ level, index }: NodeId): Hash => {
    const at = (this.#levels[level]?.start ?? Number.NaN) + index * HASH_BYTES;
    // From the system's cache, which takes 2 µs; to hand it to another thread takes longer.
    if (at < this.#heldFrom) return this.#readAt(at, HASH_BYTES);
    return this.#held.subarray(at - this.#heldFrom, at - this.#heldFrom + HASH_BYTES);
  };

  /** The first leaf that is not below the given one: leaves are sorted. */
  firstFrom(leaf: Hash): number {
    let [low, high] = [0, this.rows];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (Buffer.compare(this.read({ level: 0, index: middle }), leaf) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  close(): void {
    closeSync(this.#fd);
  }

  #readAt(at: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    if (readSync(this.#fd, bytes, 0, length, at) !== length) throw new Error("the file of a row tree is too short");
    return bytes;
  }
}
