import type { Block } from "@wanlian/protocol/messages/common.js";
import type { TxPvtReadWriteSet } from "@wanlian/protocol/messages/rwset.js";
import { admits } from "../../ledger/collections.js";
import type { Ledger } from "../../ledger/ledger.js";

/** The private write sets of a block that are here and that an identity, which has been verified, may have. */
export function readablePrivateData(
  ledger: Ledger,
  block: Block,
  creator: Uint8Array,
): Promise<ReadonlyMap<bigint, TxPvtReadWriteSet>> {
  const identity = ledger.config.msps.deserialize(creator);
  return ledger.privateSets.ofBlock(block, (collection) => admits(collection, identity));
}
