import type { TreeHead } from "@wanlian/model/checkpoint.js";
import {
  consistencyRanges,
  equalHashes,
  type Hash,
  inclusionRanges,
  type LeafRange,
  leafHash,
  type NodeId,
  nodeHash,
  rangeHash,
  subtreesOf,
  verifyInclusion,
} from "@wanlian/model/merkle.js";
import { rangesBeside } from "@wanlian/model/merkle-range.js";
import { LogError } from "../core/index.js";
import { decodeBundle } from "./entry-bundle.js";
import { damaged } from "./errors.js";
import { splitTile } from "./tail.js";
import { ENTRIES, placeOf, TILE_HEIGHT, TILE_WIDTH, type TileId, tileIn, tilePath } from "./tiles.js";

/** Brings a log's file, from disk or over HTTP; undefined if there is none. */
export type FetchTile = (path: string) => Promise<Uint8Array | undefined>;

/** Tiles kept, each with its inner hashes: about 20 KB. */
const CACHED_TILES = 512;

/** A tile with every hash of the subtree that it stands for: row h has the hashes 2^h leaves wide. */
type OpenTile = readonly (readonly Hash[])[];

/**
 * Proofs and records of a log under one checkpoint, from tiles that are not trusted: every answer is checked against
 * the checkpoint's root before it is given.
 */
export class TreeReader {
  readonly head: TreeHead;
  readonly #fetch: FetchTile;
  readonly #cache: Map<string, Promise<OpenTile>>;

  /** @param head of a checkpoint whose signature was checked */
  constructor(fetch: FetchTile, head: TreeHead, earlier?: TreeReader) {
    this.#fetch = fetch;
    this.head = head;
    // Tiles never change, so those of an earlier checkpoint serve.
    this.#cache = earlier === undefined ? new Map() : earlier.#cache;
  }

  /** @throws LogError NOT_IN_TREE, LOG_DAMAGED */
  async record(index: number): Promise<Uint8Array> {
    const { size, root } = this.head;
    const bundle = await this.#bundle(index);
    const entry = bundle[index % TILE_WIDTH];
    if (entry === undefined) throw damaged(`record ${index}`, "not in its bundle");
    const proof = await this.inclusion(index);
    const leaf = leafHash(entry);
    if (!verifyInclusion({ index, size, leaf, proof, root })) {
      throw damaged(`record ${index}`, `not in the tree of size ${size}: it or a tile above it was changed`);
    }
    return entry;
  }

  /** Records in order, unproven: for whoever goes on to compute the root of all of them. */
  async *records(from: number, to: number): AsyncGenerator<Uint8Array> {
    for (let index = from; index < to; ) {
      const bundle = await this.#bundle(index);
      const end = Math.min(to, index - (index % TILE_WIDTH) + TILE_WIDTH);
      for (; index < end; index += 1) {
        const entry = bundle[index % TILE_WIDTH];
        if (entry === undefined) throw damaged(`record ${index}`, "not in its bundle");
        yield entry;
      }
    }
  }

  /** @throws LogError NOT_IN_TREE, LOG_DAMAGED */
  async inclusion(index: number): Promise<Hash[]> {
    return await this.#hashes(inclusionRanges(this.#known(index), this.head.size));
  }

  /** @throws LogError NOT_IN_TREE, LOG_DAMAGED */
  async consistency(oldSize: number): Promise<Hash[]> {
    const { size } = this.head;
    if (!Number.isSafeInteger(oldSize) || oldSize < 0 || oldSize > size) {
      throw new LogError("NOT_IN_TREE", `a tree of ${size} does not extend one of ${oldSize}`);
    }
    return await this.#hashes(consistencyRanges(oldSize, size));
  }

  /** The proof that entries stand one after another in the tree: `verifyRange`. @throws LogError NOT_IN_TREE, LOG_DAMAGED */
  async range(range: LeafRange): Promise<Hash[]> {
    this.#known(range.start);
    this.#known(range.end - 1);
    return await this.#hashes(rangesBeside(range, this.head.size));
  }

  /** The root that the tiles give; the checkpoint's, if none was changed. */
  async root(): Promise<Hash> {
    return await this.rootOf(this.head.size);
  }

  /** The root that the log had at an earlier size, as the tiles give it. @throws LogError NOT_IN_TREE, LOG_DAMAGED */
  async rootOf(size: number): Promise<Hash> {
    if (size > 0) this.#known(size - 1);
    const [root] = await this.#hashes([{ start: 0, end: size }]);
    return root as Hash;
  }

  #known(index: number): number {
    if (Number.isSafeInteger(index) && index >= 0 && index < this.head.size) return index;
    throw new LogError("NOT_IN_TREE", `a tree of ${this.head.size} has no record ${index}`);
  }

  async #bundle(index: number): Promise<Uint8Array[]> {
    const tile = tileIn(this.head.size, ENTRIES, Math.floor(this.#known(index) / TILE_WIDTH));
    if (tile === undefined) throw damaged(`record ${index}`, "its bundle is not in the tree");
    return decodeBundle(await this.#need(tile), tilePath(tile)).slice(0, tile.width);
  }

  async #hashes(ranges: readonly LeafRange[]): Promise<Hash[]> {
    const nodes = new Map<string, Hash>();
    const wanted = ranges.flatMap(subtreesOf);
    await Promise.all(wanted.map(async (node) => nodes.set(keyOf(node), await this.#node(node))));
    return ranges.map((range) => rangeHash(range, (node) => nodes.get(keyOf(node)) as Hash));
  }

  async #node(node: NodeId): Promise<Hash> {
    const { level, tile, height, first } = placeOf(node);
    const open = await this.#tile(level, tile);
    const hash = open[height]?.[first / 2 ** height];
    if (hash === undefined) throw damaged(`tile level ${level}, index ${tile}`, "shorter than the checkpoint needs");
    return hash;
  }

  async #tile(level: number, index: number): Promise<OpenTile> {
    const tile = tileIn(this.head.size, level, index);
    if (tile === undefined) throw new LogError("NOT_IN_TREE", `a tree of ${this.head.size} has no such tile`);
    const path = tilePath(tile);
    const cached = this.#cache.get(path);
    if (cached !== undefined) return await cached;
    const opened = this.#need(tile).then((bytes) => openTile(splitTile(bytes, tile.width, path)));
    this.#cache.set(path, opened);
    opened.catch(() => this.#cache.delete(path));
    const [oldest] = this.#cache.keys();
    if (this.#cache.size > CACHED_TILES && oldest !== undefined) this.#cache.delete(oldest);
    return await opened;
  }

  /** A partial tile may have been replaced by the full one, which begins with it. */
  async #need(tile: TileId): Promise<Uint8Array> {
    const path = tilePath(tile);
    const bytes = await this.#fetch(path);
    if (bytes !== undefined) return bytes;
    const full = tile.width < TILE_WIDTH ? await this.#fetch(tilePath({ ...tile, width: TILE_WIDTH })) : undefined;
    if (full === undefined) throw damaged(path, "missing");
    return tile.level === ENTRIES ? full : full.subarray(0, tile.width * 32);
  }
}

function openTile(hashes: readonly Hash[]): OpenTile {
  const rows: (readonly Hash[])[] = [hashes];
  for (let height = 1; height < TILE_HEIGHT; height += 1) {
    const below = rows[height - 1] as readonly Hash[];
    const row: Hash[] = [];
    for (let at = 0; at + 1 < below.length; at += 2) row.push(nodeHash(below[at] as Hash, below[at + 1] as Hash));
    rows.push(row);
  }
  return rows;
}

function keyOf({ level, index }: NodeId): string {
  return `${level}/${index}`;
}

/** Whether two heads are the same tree. */
export function sameTree(a: TreeHead, b: TreeHead): boolean {
  return a.size === b.size && equalHashes(a.root, b.root);
}
