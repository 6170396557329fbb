import { assertComplete, assertWellFormed, type CompleteBlock, headerHash } from "../block.js";
import { assertOrdered } from "../block-signatures.js";
import type { Bundle } from "../configuration/bundle.js";
import type { Block } from "../messages/common.js";
import { configurationOf, type VerifiedConfiguration } from "./configuration.js";

/** A block that its channel's orderers signed, whole. */
export interface VerifiedBlock {
  readonly number: bigint;
  readonly headerHash: Uint8Array;
  readonly block: CompleteBlock;
  /** The configuration under which it was ordered. */
  readonly bundle: Bundle;
}

/**
 * A block's content hashes to its header, and the orderers signed the header. Validation codes and commit hash are not covered by that:
 * they are the claim of whoever supplied the block.
 * @throws ProtocolError with what does not hold.
 */
export async function verifyBlock(block: Block, configuration: VerifiedConfiguration): Promise<VerifiedBlock> {
  assertComplete(block);
  assertWellFormed(block);
  const bundle = configurationOf(block, configuration);
  await assertOrdered(block, block.header, bundle);
  return { number: block.header.number, headerHash: headerHash(block.header), block, bundle };
}
