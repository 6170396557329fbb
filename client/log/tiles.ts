import type { NodeId } from "@wanlian/model/merkle.js";

/** Names and coordinates of C2SP tlog-tiles (c2sp.org/tlog-tiles). Paths are relative to the log's prefix. */

/** Hashes in a full tile, entries in a full bundle. */
export const TILE_WIDTH = 256;
/** Tree levels in a tile. */
export const TILE_HEIGHT = 8;
export const CHECKPOINT_PATH = "checkpoint";
export const ENTRIES = "entries";

/** A tile of hashes at a level, or the bundle of the entries themselves. */
export interface TileId {
  readonly level: number | typeof ENTRIES;
  readonly index: number;
  /** 1 to 256; 256: full. */
  readonly width: number;
}

/** `tile/<level>/<index>`, and `.p/<width>` where it is partial. */
export function tilePath({ level, index, width }: TileId): string {
  const digits = String(index).padStart(Math.ceil(String(index).length / 3) * 3, "0");
  const groups = digits.match(/\d{3}/g) ?? [];
  const last = groups.pop();
  const path = ["tile", level, ...groups.map((group) => `x${group}`), last].join("/");
  return width === TILE_WIDTH ? path : `${path}.p/${width}`;
}

/** The tile that a path names, or undefined if it names none or spells one in another way. */
export function parseTilePath(path: string): TileId | undefined {
  const match = /^tile\/(\d{1,2}|entries)\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path);
  if (match === null) return undefined;
  const [, level = "", groups = "", width] = match;
  const tile: TileId = {
    level: level === ENTRIES ? ENTRIES : Number(level),
    index: Number(groups.replaceAll(/[x/]/g, "")),
    width: width === undefined ? TILE_WIDTH : Number(width),
  };
  const valid = tile.width >= 1 && (tile.level === ENTRIES || tile.level < 64) && Number.isSafeInteger(tile.index);
  return valid && tilePath(tile) === path ? tile : undefined;
}

/** A signed head with a handful of signatures. */
const MAX_CHECKPOINT_BYTES = 16 * 1024;
/** Each entry after its length in two bytes. */
const MAX_ENTRY_BYTES = 2 + 0xffff;
const HASH_BYTES = 32;

/** Bytes that there can be at a path of a log, whatever log it is. */
export function mostBytesAt(path: string): number {
  const tile = parseTilePath(path);
  if (tile === undefined) return MAX_CHECKPOINT_BYTES;
  return tile.width * (tile.level === ENTRIES ? MAX_ENTRY_BYTES : HASH_BYTES);
}

/** Hashes that a tree of `size` has at a tile level. */
export function hashesAt(level: number, size: number): number {
  return Math.floor(size / TILE_WIDTH ** level);
}

/** The tile at a position in a tree of `size`, or undefined where that tree has none. */
export function tileIn(size: number, level: number | typeof ENTRIES, index: number): TileId | undefined {
  const hashes = hashesAt(level === ENTRIES ? 0 : level, size);
  const width = Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH);
  return width > 0 ? { level, index, width } : undefined;
}

/** The rightmost tiles of a tree that are not full, bottom up: what a writer needs to go on. */
export function partialTiles(size: number): TileId[] {
  const tiles: TileId[] = [];
  for (let level = 0; hashesAt(level, size) > 0; level += 1) {
    const hashes = hashesAt(level, size);
    if (hashes % TILE_WIDTH > 0) {
      tiles.push({ level, index: Math.floor(hashes / TILE_WIDTH), width: hashes % TILE_WIDTH });
    }
  }
  return tiles;
}

/** Where a complete subtree's hash comes from: hashes `first` to `first + 2^height` of a tile, hashed together. */
export interface NodePlace {
  readonly level: number;
  readonly tile: number;
  /** 0 to 7. */
  readonly height: number;
  /** Position of the first hash within the tile. */
  readonly first: number;
}

export function placeOf({ level, index }: NodeId): NodePlace {
  const height = level % TILE_HEIGHT;
  const perTile = TILE_WIDTH / 2 ** height;
  return {
    level: Math.floor(level / TILE_HEIGHT),
    tile: Math.floor(index / perTile),
    height,
    first: (index % perTile) * 2 ** height,
  };
}
