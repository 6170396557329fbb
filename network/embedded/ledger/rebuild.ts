import { rename, rm } from "node:fs/promises";
import type { Block } from "@wanlian/protocol/messages/common.js";
import { isCorruption } from "../checksum.js";
import { createLedger, type LedgerOptions } from "./channel-ledger.js";
import { allPrivateBounds, allPrivateSetBounds } from "./keys.js";
import { Store, type Write } from "./store.js";

/** Private data go over in pieces of so many entries. */
const ENTRIES_AT_ONCE = 500;

/**
 * Begins a damaged ledger anew from its genesis block; the orderers deliver the rest again. What no orderer has, the
 * organisation's own private values, is taken over where it is whole: a value counts again when a block with its hash
 * is committed. The damaged database stays beside, as `DIRECTORY.damaged`, until the next time.
 */
export async function rebuildLedger(options: LedgerOptions, genesis: Block): Promise<void> {
  const { directory } = options;
  const [kept, made] = [`${directory}.damaged`, `${directory}.part`];
  await rm(made, { recursive: true, force: true });
  await (await createLedger({ ...options, directory: made }, genesis)).close();
  await takeOverPrivateData(directory, made);
  await rm(kept, { recursive: true, force: true });
  await rename(directory, kept);
  await rename(made, directory);
}

async function takeOverPrivateData(from: string, to: string): Promise<void> {
  const old = await openStore(from);
  if (old === undefined) return;
  const store = await Store.open(to);
  try {
    for (const bounds of [allPrivateBounds(), allPrivateSetBounds()]) await copy(old, store, bounds);
  } finally {
    await store.close();
    await old.close();
  }
}

async function copy(from: Store, to: Store, bounds: readonly [Uint8Array, Uint8Array]): Promise<void> {
  let waiting: Write[] = [];
  for await (const [key, value] of from.intact(bounds)) {
    waiting.push({ type: "put", key, value });
    if (waiting.length < ENTRIES_AT_ONCE) continue;
    await to.write(waiting);
    waiting = [];
  }
  await to.write(waiting);
}

/** Undefined where LevelDB itself finds nothing in it that it could open. */
async function openStore(directory: string): Promise<Store | undefined> {
  try {
    return await Store.open(directory);
  } catch (error) {
    if (isCorruption(error)) return undefined;
    throw error;
  }
}
