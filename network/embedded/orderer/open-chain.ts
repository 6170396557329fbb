import { assertComplete, type CompleteBlock, headerHash, lastConfigIndex } from "@wanlian/protocol/block.js";
import { bundleFromBlock } from "@wanlian/protocol/configuration/bundle.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import { Block } from "@wanlian/protocol/messages/common.js";
import { NetworkError } from "../../error.js";
import { damaged, isDamage } from "../checksum.js";
import { checkRecent } from "../stored-chain.js";
import { BlockStore } from "./block-store.js";
import { BlockWriter } from "./block-writer.js";
import { Chain } from "./chain.js";
import type { OrdererContext } from "./orderer-context.js";

/**
 * Opens the chain in a folder where it left off, when the newest blocks are all there.
 * @throws NetworkError UNUSABLE_DIRECTORY, DAMAGED if it cannot go on from there
 */
export async function openChain(directory: string, context: OrdererContext): Promise<Chain> {
  try {
    return await chainIn(await BlockStore.open(directory), context);
  } catch (error) {
    throw isDamage(error) ? withRemedy(error) : error;
  }
}

async function chainIn(store: BlockStore, context: OrdererContext): Promise<Chain> {
  try {
    if (store.height === 0n) throw damaged(store.directory, 0n);
    await checkRecent(store, store.height);
    const last = await storedBlock(store, store.height - 1n);
    const lastConfig = lastConfigIndex(last);
    const { data } = (await storedBlock(store, lastConfig)).data;
    const tip = { height: store.height, lastHash: headerHash(last.header), lastConfig };
    return new Chain(new BlockWriter(store, context.signer, tip), bundleFromBlock(data), context);
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function storedBlock(store: BlockStore, number: bigint): Promise<CompleteBlock> {
  try {
    const block = Block.decode(await store.read(number));
    assertComplete(block);
    return block;
  } catch (error) {
    if (error instanceof ProtocolError || error instanceof RangeError) throw damaged(store.directory, number, error);
    throw error;
  }
}

/** An orderer that went on without a block it has handed out would make another in its place. */
function withRemedy(damage: NetworkError): NetworkError {
  const text = {
    zh: `${damage.text.zh}缺了已交付的区块继续出块会使账本分叉：请从备份恢复该目录。`,
    en: `${damage.text.en} Going on without a block that was delivered would split the ledger: restore the folder from a backup.`,
  };
  return new NetworkError("DAMAGED", text, { details: damage.details, cause: damage });
}
