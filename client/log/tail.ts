import { GrowingTree, type Hash, leafHash, nodeHash, subtreesOf } from "@wanlian/model/merkle.js";
import type { Disk } from "./disk.js";
import { decodeBundle, encodeBundle } from "./entry-bundle.js";
import { damaged } from "./errors.js";
import { ENTRIES, partialTiles, placeOf, TILE_HEIGHT, TILE_WIDTH, tilePath } from "./tiles.js";

/** A tile or bundle to be written. */
export interface TileFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * The right edge of the tree: what a writer must hold to go on. Turns records into the tiles and bundles that a
 * checkpoint after them needs.
 */
export class TreeTail {
  readonly #tree: GrowingTree;
  /** By tile level: the hashes of the tile that is not full yet. */
  readonly #hashes: Hash[][];
  /** The entries of the bundle that is not full yet. */
  #entries: Uint8Array[];

  private constructor(tree: GrowingTree, hashes: Hash[][], entries: Uint8Array[]) {
    this.#tree = tree;
    this.#hashes = hashes;
    this.#entries = entries;
  }

  static empty(): TreeTail {
    return new TreeTail(new GrowingTree(), [], []);
  }

  /** @throws LogError LOG_DAMAGED: a tile of the edge is missing or of another size, or the bundle is not the tile's */
  static async load(disk: Disk, size: number): Promise<TreeTail> {
    const hashes: Hash[][] = [];
    let entries: Uint8Array[] = [];
    for (const tile of partialTiles(size)) {
      const path = tilePath(tile);
      hashes[tile.level as number] = splitTile(await need(disk, path), tile.width, path);
      if (tile.level !== 0) continue;
      const bundlePath = tilePath({ ...tile, level: ENTRIES });
      entries = decodeBundle(await need(disk, bundlePath), bundlePath);
      if (entries.length !== tile.width)
        throw damaged(bundlePath, `${entries.length} entries instead of ${tile.width}`);
      for (const [at, entry] of entries.entries()) {
        if (!Buffer.from(leafHash(entry)).equals(hashes[0]?.[at] ?? Buffer.alloc(0))) {
          throw damaged(bundlePath, `record ${tile.index * TILE_WIDTH + at} is not the one of ${path}`);
        }
      }
    }
    const subtrees = subtreesOf({ start: 0, end: size }).map((node) => {
      const { level, first, height } = placeOf(node);
      return hashTogether((hashes[level] ?? []).slice(first, first + 2 ** height));
    });
    return new TreeTail(new GrowingTree(size, subtrees), hashes, entries);
  }

  get size(): number {
    return this.#tree.size;
  }

  root(): Hash {
    return this.#tree.root();
  }

  /** Takes records in. @returns the files that became full, in an order in which each may be written */
  grow(entries: readonly Uint8Array[]): TileFile[] {
    const files: TileFile[] = [];
    for (const entry of entries) {
      this.#entries.push(entry);
      this.#tree.append(leafHash(entry), ({ level, index }, hash) => {
        if (level % TILE_HEIGHT !== 0) return;
        const tileLevel = level / TILE_HEIGHT;
        const hashes = this.#hashes[tileLevel] ?? [];
        this.#hashes[tileLevel] = hashes;
        hashes.push(hash);
        if (hashes.length === TILE_WIDTH) files.push(...this.#cut(tileLevel, Math.floor(index / TILE_WIDTH), hashes));
      });
    }
    return files;
  }

  /** The files of the edge as it is now. */
  edge(): TileFile[] {
    return partialTiles(this.size).flatMap((tile) => {
      const file = { path: tilePath(tile), bytes: Buffer.concat(this.#hashes[tile.level as number] ?? []) };
      if (tile.level !== 0) return [file];
      return [{ path: tilePath({ ...tile, level: ENTRIES }), bytes: encodeBundle(this.#entries) }, file];
    });
  }

  #cut(level: number, index: number, hashes: Hash[]): TileFile[] {
    const tile = { path: tilePath({ level, index, width: TILE_WIDTH }), bytes: Buffer.concat(hashes) };
    this.#hashes[level] = [];
    if (level !== 0) return [tile];
    const bundle = { path: tilePath({ level: ENTRIES, index, width: TILE_WIDTH }), bytes: encodeBundle(this.#entries) };
    this.#entries = [];
    return [bundle, tile];
  }
}

/** @throws LogError LOG_DAMAGED */
export function splitTile(bytes: Uint8Array, width: number, where: string): Hash[] {
  if (bytes.length !== width * 32) throw damaged(where, `${bytes.length} bytes instead of ${width * 32}`);
  return Array.from({ length: width }, (_, at) => bytes.subarray(at * 32, at * 32 + 32));
}

/** The root of a complete subtree over 2^n hashes. */
export function hashTogether(hashes: readonly Hash[]): Hash {
  let row = hashes;
  while (row.length > 1) {
    const above: Hash[] = [];
    for (let at = 0; at < row.length; at += 2) above.push(nodeHash(row[at] as Hash, row[at + 1] as Hash));
    row = above;
  }
  const [root] = row;
  if (root === undefined) throw new RangeError("no hashes to put together");
  return root;
}

async function need(disk: Disk, path: string): Promise<Uint8Array> {
  const bytes = await disk.read(path);
  if (bytes === undefined) throw damaged(path, "missing");
  return bytes;
}
