import { assertComplete, type CompleteBlock, headerHash, lastConfigIndex } from "@wanlian/protocol/block.js";
import { bundleFromBlock } from "@wanlian/protocol/configuration/bundle.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import { Block } from "@wanlian/protocol/messages/common.js";
import type { SigningIdentity } from "../../certificates/signing-identity.js";
import { NetworkError } from "../../error.js";
import { BlockStore } from "./block-store.js";
import { BlockWriter } from "./block-writer.js";
import { Chain } from "./chain.js";

/** Who signs, and what time it is: what every channel of an orderer shares. */
export interface OrdererContext {
  readonly signer: SigningIdentity;
  /** Milliseconds since 1970. */
  now(): number;
}

/** Opens the chain in a folder where it left off. Throws NetworkError UNUSABLE_DIRECTORY if it cannot go on from there. */
export async function openChain(directory: string, context: OrdererContext): Promise<Chain> {
  const store = await BlockStore.open(directory);
  try {
    const last = await storedBlock(store, store.height - 1n, directory);
    const lastConfig = lastConfigIndex(last);
    const { data } = (await storedBlock(store, lastConfig, directory)).data;
    const tip = { height: store.height, lastHash: headerHash(last.header), lastConfig };
    return new Chain(new BlockWriter(store, context.signer, tip), bundleFromBlock(data), context);
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function storedBlock(store: BlockStore, number: bigint, directory: string): Promise<CompleteBlock> {
  const damaged = (cause?: unknown) => {
    const text = {
      zh: `${directory} 中的区块 ${number} 缺失或损坏：请从备份恢复该目录。`,
      en: `Block ${number} in ${directory} is missing or damaged: restore the folder from a backup.`,
    };
    return new NetworkError("UNUSABLE_DIRECTORY", text, { directory }, cause);
  };
  if (number < 0n || number >= store.height) throw damaged();
  try {
    const block = Block.decode(await store.read(number));
    assertComplete(block);
    return block;
  } catch (error) {
    throw error instanceof ProtocolError ? damaged(error) : error;
  }
}
