import { join } from "node:path";
import { HASH, rootOf, sha, WIDTH } from "./checked-hash.js";
import { readIfThere } from "./disk.js";

/** Which files state a log's leaf hashes: the records themselves, or the hash tiles of level 0. */
export type LeafFiles = "entries" | "0";

/**
 * The leaf hashes of a log as its files state them, a bundle's at a time: a log of any size is checked in memory that hardly
 * grows with it.
 */
export class CheckedLeaves {
  readonly size: number;
  /** Of each bundle's leaves, one root after the other; the last bundle may be smaller. */
  readonly roots: Buffer;
  readonly #dir: string;
  readonly #files: LeafFiles;

  constructor(dir: string, files: LeafFiles, size: number, roots: Buffer) {
    this.#dir = dir;
    this.#files = files;
    this.size = size;
    this.roots = roots;
  }

  /** How many bundles have them. */
  get bundles(): number {
    return Math.ceil(this.size / WIDTH);
  }

  /** MTH of RFC 6962 §2.1: bundles are complete subtrees, but for the last, so that it is that of their roots. */
  get root(): Buffer {
    return rootOf(this.roots);
  }

  /** The leaf hashes of a bundle, one after the other, as its file has them by now. */
  async ofBundle(index: number): Promise<Buffer> {
    const width = Math.min(WIDTH, this.size - index * WIDTH);
    const { bytes } = await readTile(this.#dir, this.#files, index, width);
    return this.#files === "0" ? hashesIn(bytes, width) : leavesIn(bytes, width);
  }
}

/** As far as it can be read; what is missing or cut short is zeros. */
export function hashesIn(bytes: Buffer | undefined, width: number): Buffer {
  const leaves = Buffer.alloc(width * HASH);
  bytes?.copy(leaves, 0, 0, width * HASH);
  return leaves;
}

/** Likewise. @param cut told of the first entry that is cut short */
export function leavesIn(
  bytes: Buffer | undefined,
  width: number,
  cut: (at: number) => void = () => undefined,
): Buffer {
  const leaves = Buffer.alloc(width * HASH);
  if (bytes === undefined) return leaves;
  let at = 0;
  for (let entry = 0; entry < width; entry += 1) {
    const length = at + 2 <= bytes.length ? bytes.readUInt16BE(at) : -1;
    if (length < 0 || at + 2 + length > bytes.length) {
      cut(entry);
      break;
    }
    sha(Buffer.of(0), bytes.subarray(at + 2, at + 2 + length)).copy(leaves, entry * HASH);
    at += 2 + length;
  }
  return leaves;
}

/** The file of so many entries, or the one that has become full since. */
export async function readTile(dir: string, level: LeafFiles, index: number, width: number) {
  const full = await readIfThere(join(dir, pathOf(level, index, WIDTH)));
  const path = pathOf(level, index, width);
  return { path, bytes: full ?? (await readIfThere(join(dir, path))) };
}

export function pathOf(level: string, index: number, width: number): string {
  const parts: string[] = [];
  for (let rest = index; parts.length === 0 || rest > 0; rest = Math.floor(rest / 1000)) {
    parts.unshift(`${parts.length === 0 ? "" : "x"}${String(rest % 1000).padStart(3, "0")}`);
  }
  return `tile/${level}/${parts.join("/")}${width === WIDTH ? "" : `.p/${width}`}`;
}
