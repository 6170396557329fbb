import { type Checkpoint, openCheckpoint } from "@wanlian/model/checkpoint.js";
import type { VerifierKey } from "@wanlian/model/note.js";
import { type Disk, localDisk } from "./disk.js";
import { decodeBundle, encodeBundle } from "./entry-bundle.js";
import { damaged } from "./errors.js";
import { CHECKPOINT_PATH, ENTRIES, hashesAt, TILE_WIDTH, type TileId, tilePath } from "./tiles.js";

/** A tile at the edge is replaced by a wider one while it is copied; a log does not fill so many while one is read. */
const MAX_LOOKS = 20;
const HASH_BYTES = 32;

/** The tree that a log's last checkpoint names; undefined where the log has not begun. @throws LedgerError BAD_SIGNATURE */
export async function publishedIn(dir: string, key: VerifierKey): Promise<Checkpoint | undefined> {
  const note = await localDisk(dir).read(CHECKPOINT_PATH);
  return note === undefined ? undefined : openCheckpoint(Buffer.from(note).toString("utf8"), key);
}

/**
 * Copies a log as its last checkpoint has it, while it may be written: every tile of that tree, and the checkpoint last.
 * What was appended since is not in the copy.
 * @returns the checkpoint that was copied; undefined where the log has not begun
 * @throws LogError LOG_DAMAGED: a tile is missing or short
 */
export async function copyLog(from: string, to: string, key: VerifierKey): Promise<Checkpoint | undefined> {
  const [source, target] = [localDisk(from), localDisk(to)];
  const note = await source.read(CHECKPOINT_PATH);
  if (note === undefined) return undefined;
  const head = openCheckpoint(Buffer.from(note).toString("utf8"), key);
  for (const tile of tilesOf(head.size)) {
    await target.writeAll([{ path: tilePath(tile), bytes: await readTile(source, tile) }]);
  }
  await target.writeAll([{ path: CHECKPOINT_PATH, bytes: note }]);
  return head;
}

/** All tiles of a tree, bundles first. */
function* tilesOf(size: number): Generator<TileId> {
  yield* tilesAt(ENTRIES, size);
  for (let level = 0; hashesAt(level, size) > 0; level += 1) yield* tilesAt(level, hashesAt(level, size));
}

function* tilesAt(level: TileId["level"], hashes: number): Generator<TileId> {
  for (let index = 0; index * TILE_WIDTH < hashes; index += 1) {
    yield { level, index, width: Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH) };
  }
}

/**
 * A tile as wide as it is asked for: of one that has become wider meanwhile, its beginning.
 * @throws LogError LOG_DAMAGED: it is missing or short
 */
export async function readTile(disk: Pick<Disk, "read">, tile: TileId): Promise<Uint8Array> {
  for (let look = 0; look < MAX_LOOKS; look += 1) {
    for (let width = tile.width; width <= TILE_WIDTH; width += 1) {
      const bytes = await disk.read(tilePath({ ...tile, width }));
      if (bytes !== undefined) return beginningOf(tile, bytes);
    }
  }
  throw damaged(tilePath(tile), "missing");
}

function beginningOf(tile: TileId, bytes: Uint8Array): Uint8Array {
  const { level, width } = tile;
  if (level === ENTRIES) {
    const entries = decodeBundle(bytes, tilePath(tile));
    if (entries.length < width) throw damaged(tilePath(tile), "cut short");
    return entries.length === width ? bytes : encodeBundle(entries.slice(0, width));
  }
  if (bytes.length < width * HASH_BYTES) throw damaged(tilePath(tile), "cut short");
  return bytes.subarray(0, width * HASH_BYTES);
}
