import type { Block } from "@wanlian/protocol/messages/common.js";
import { KVRWSet, TxReadWriteSet } from "@wanlian/protocol/messages/rwset.js";
import type { Ledger } from "../../ledger/ledger.js";
import { validTransactions } from "../transactions.js";
import { LIFECYCLE } from "./layout.js";

/** Calls back after each block that changed the channel's configuration or wrote to the lifecycle's records. Returns how to stop. */
export function onLifecycleChange(ledger: Ledger, changed: () => void): () => void {
  return ledger.onCommit(({ block, config }) => {
    if (config !== undefined || writesLifecycle(block)) changed();
  });
}

function writesLifecycle(block: Block): boolean {
  for (const { action } of validTransactions(block)) {
    for (const { namespace, rwset, collectionHashedRwset } of TxReadWriteSet.decode(action.results).nsRwset) {
      if (namespace !== LIFECYCLE) continue;
      if (collectionHashedRwset.length > 0 || KVRWSet.decode(rwset).writes.length > 0) return true;
    }
  }
  return false;
}
