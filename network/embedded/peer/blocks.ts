import { EventEmitter, once } from "node:events";
import type { Block } from "@wanlian/protocol/messages/common.js";
import type { Ledger } from "../ledger/ledger.js";

/** A ledger's blocks from a number on, those that are still to come included; ends when the signal aborts. */
export async function* blocksFrom(ledger: Ledger, start: bigint, signal: AbortSignal): AsyncGenerator<Block> {
  const commits = new EventEmitter();
  const stop = ledger.onCommit(() => commits.emit("commit"));
  try {
    for (let next = start; !signal.aborted; ) {
      const block = next < ledger.height ? await ledger.block(next) : undefined;
      if (block === undefined) {
        if (next >= ledger.height) await committed(commits, signal);
        continue;
      }
      yield block;
      next += 1n;
    }
  } finally {
    stop();
  }
}

async function committed(commits: EventEmitter, signal: AbortSignal): Promise<void> {
  try {
    await once(commits, "commit", { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
