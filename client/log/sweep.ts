import { setTimeout as delay } from "node:timers/promises";
import type { TreeHead } from "@wanlian/model/checkpoint.js";
import { equalHashes, GrowingTree, type Hash, leafHash } from "@wanlian/model/merkle.js";
import { readTile } from "./copy.js";
import { localDisk } from "./disk.js";
import { decodeBundle } from "./entry-bundle.js";
import { damaged } from "./errors.js";
import { CHECKPOINT_PATH, ENTRIES, TILE_HEIGHT, TILE_WIDTH, type TileId, tilePath } from "./tiles.js";

/** Given to other work between two bundles: a million records take seven minutes. */
const REST_MS = 100;

/**
 * Reads a log's bundles and hash tiles once from beginning to end, beside whoever writes it, and compares them with the root of
 * a checkpoint: what nobody asks for could be damaged for years. Memory does not grow with the log. Ends early when the
 * signal aborts.
 * @param head of a checkpoint whose signature was checked
 * @throws LogError LOG_DAMAGED, naming the first file that is wrong
 */
export async function sweepLog(dir: string, head: TreeHead, signal: AbortSignal, restMs = REST_MS): Promise<void> {
  const sweep = new Sweep(dir);
  for (let first = 0; first < head.size; first += TILE_WIDTH) {
    if (signal.aborted) return;
    await sweep.bundle({ level: ENTRIES, index: first / TILE_WIDTH, width: Math.min(TILE_WIDTH, head.size - first) });
    await delay(restMs, undefined, { signal }).catch(() => undefined);
  }
  if (!signal.aborted) await sweep.end(head);
}

class Sweep {
  readonly #disk: Pick<ReturnType<typeof localDisk>, "read">;
  readonly #tree = new GrowingTree();
  /** Of each level of tiles the hashes since its last full one. */
  readonly #levels: Hash[][] = [];
  /** Tiles that have become full, still to be compared. */
  #full: { readonly tile: TileId; readonly hashes: readonly Hash[] }[] = [];

  constructor(dir: string) {
    this.#disk = localDisk(dir);
  }

  async bundle(id: TileId): Promise<void> {
    const path = tilePath(id);
    for (const entry of decodeBundle(await readTile(this.#disk, id), path)) this.#append(leafHash(entry));
    const full = this.#full;
    this.#full = [];
    for (const { tile, hashes } of full) await this.#compare(tile, hashes);
  }

  /** What is not full, and the root over all: where a record and its hash were changed alike, only that tells. */
  async end({ size, root }: TreeHead): Promise<void> {
    for (const [level, hashes] of this.#levels.entries()) {
      if (hashes.length === 0) continue;
      const index = Math.floor(size / TILE_WIDTH ** (level + 1));
      await this.#compare({ level, index, width: hashes.length }, hashes);
    }
    if (!equalHashes(this.#tree.root(), root)) throw damaged(CHECKPOINT_PATH, "its root is not that of the records");
  }

  #append(leaf: Hash): void {
    this.#tree.append(leaf, (node, hash) => {
      if (node.level % TILE_HEIGHT !== 0) return;
      const level = node.level / TILE_HEIGHT;
      const hashes = this.#levels[level] ?? [];
      hashes.push(hash);
      this.#levels[level] = hashes.length < TILE_WIDTH ? hashes : [];
      const index = Math.floor(node.index / TILE_WIDTH);
      if (hashes.length === TILE_WIDTH) this.#full.push({ tile: { level, index, width: TILE_WIDTH }, hashes });
    });
  }

  async #compare(tile: TileId, hashes: readonly Hash[]): Promise<void> {
    if (Buffer.concat(hashes).equals(await readTile(this.#disk, tile))) return;
    throw damaged(tilePath(tile), "its hashes are not those of the records");
  }
}
