import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ModelVersions } from "@wanlian/model/models.js";
import { NodeError } from "../core/index.js";
import { blockFeed, inBatches, type LedgerConnector } from "../ledger/index.js";
import { digestProjection, openDatabase, Projection, type ProjectionDigest } from "../projection/index.js";

/**
 * Folds the ledger anew, from block 0 to a height, into a database of its own that is thrown away, and digests it:
 * what a node's projection has to equal.
 * @param reached is told how many blocks are taken in, again and again
 * @throws NodeError LEDGER_UNAVAILABLE if the connection is lost
 */
export async function rebuildDigest(
  connector: LedgerConnector,
  channel: string,
  chaincode: string,
  height: bigint,
  models: ModelVersions,
  reached: (blocks: bigint) => void = () => undefined,
): Promise<ProjectionDigest> {
  const directory = await mkdtemp(join(tmpdir(), "wanlian-rebuild-"));
  const db = await openDatabase({ directory, url: undefined });
  const stopping = new AbortController();
  try {
    const projection = await Projection.open(db, channel, chaincode, models);
    const observer = {
      connected: () => undefined,
      interrupted: (cause: Error) => {
        throw new NodeError("LEDGER_UNAVAILABLE", `the rebuild lost its peer: ${cause.message}`, { cause });
      },
    };
    if (height > 0n) {
      const feed = blockFeed(connector, { height: 0n, hash: undefined }, observer, stopping.signal);
      for await (const blocks of inBatches(feed)) {
        for (let left = blocks.slice(0, Number(height - projection.height)); left.length > 0; ) {
          left = left.slice((await projection.takeAll(left)).length);
        }
        reached(projection.height);
        if (projection.height >= height) break;
      }
    }
    return await digestProjection(db);
  } finally {
    stopping.abort();
    await db.destroy();
    await rm(directory, { recursive: true, force: true });
  }
}
