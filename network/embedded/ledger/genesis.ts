import { assertComplete, assertWellFormed, isConfigBlock, withMetadata } from "@wanlian/protocol/block.js";
import { bundleFromBlock } from "@wanlian/protocol/configuration/bundle.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import { type Block, BlockMetadataIndex } from "@wanlian/protocol/messages/common.js";
import { TxValidationCode } from "@wanlian/protocol/messages/transaction.js";
import type { Store } from "./store.js";
import { blockWrites } from "./writes.js";

/**
 * Writes block 0. It is trusted for having been given: it carries no signatures, is not validated and has no commit hash.
 * @throws ProtocolError INVALID_BLOCK or INVALID_CONFIGURATION when a channel cannot begin with it.
 */
export async function writeGenesis(store: Store, genesis: Block | undefined): Promise<void> {
  if (genesis === undefined) throw new ProtocolError("INVALID_BLOCK", "the directory holds no ledger yet");
  assertComplete(genesis);
  assertWellFormed(genesis);
  if (genesis.header.number !== 0n || !isConfigBlock(genesis)) {
    throw new ProtocolError("INVALID_BLOCK", `block ${genesis.header.number} is not a genesis block`);
  }
  bundleFromBlock(genesis.data.data);
  const codes = Uint8Array.of(TxValidationCode.VALID);
  const finished = withMetadata(genesis, BlockMetadataIndex.TRANSACTIONS_FILTER, codes);
  await store.write(blockWrites(finished, genesis.header, undefined, undefined));
}
