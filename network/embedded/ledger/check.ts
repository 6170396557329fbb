import { rm } from "node:fs/promises";
import { statedCommitHash, validationCodes, withMetadata } from "@wanlian/protocol/block.js";
import { equalBytes, NO_BYTES } from "@wanlian/protocol/bytes.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import { type Block, BlockMetadataIndex } from "@wanlian/protocol/messages/common.js";
import { type ChannelLedger, createLedger } from "./channel-ledger.js";

/** What a check of a whole ledger found. */
export interface LedgerCheck {
  readonly blocks: bigint;
  readonly transactions: number;
  readonly seconds: number;
  /** The first block that is not as it should be, and why; absent where all is well. */
  readonly fault?: { readonly block: bigint; readonly reason: string };
}

/**
 * Checks a ledger against itself and the rules, trusting nothing that was stored but the genesis block: every block is read from disk,
 * verified and validated anew into a scratch ledger, and must come out with the codes and the commit hash on record. A flipped bit in an
 * old block shows here and nowhere else. Blocks may be committed meanwhile.
 * @param scratch a directory that does not exist yet; it is removed in the end
 */
export async function checkLedger(ledger: ChannelLedger, mspId: string, scratch: string): Promise<LedgerCheck> {
  const started = process.hrtime.bigint();
  const genesis = await ledger.block(0n);
  if (genesis === undefined) throw new ProtocolError("INVALID_BLOCK", "the ledger has no genesis block");
  const copy = await createLedger({ directory: scratch, mspId }, genesis);
  let transactions = 0;
  const report = (fault?: LedgerCheck["fault"]): LedgerCheck => ({
    blocks: copy.height,
    transactions,
    seconds: Number(process.hrtime.bigint() - started) / 1e9,
    ...(fault === undefined ? {} : { fault }),
  });
  try {
    for (let number = 1n; number < ledger.height; number++) {
      const reason = await checkBlock(ledger, number, copy);
      if (reason !== undefined) return report({ block: number, reason });
      transactions += (await copy.block(number))?.data?.data.length ?? 0;
    }
    return report();
  } finally {
    await copy.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

async function checkBlock(ledger: ChannelLedger, number: bigint, copy: ChannelLedger): Promise<string | undefined> {
  try {
    const stored = await ledger.block(number);
    if (stored === undefined) return "it is missing";
    const { codes, commitHash } = await copy.commit(asOrdered(stored));
    if (!equalBytes(codes, validationCodes(stored)))
      return "its validation codes are others than its transactions deserve";
    const stated = [statedCommitHash(stored), await ledger.commitHash(number)];
    if (stated.some((hash) => !equalBytes(hash ?? NO_BYTES, commitHash ?? NO_BYTES)))
      return "its commit hash is another";
    return undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return error.message;
    throw error;
  }
}

/** The block without what a peer added to it. */
function asOrdered(block: Block): Block {
  const uncoded = withMetadata(block, BlockMetadataIndex.TRANSACTIONS_FILTER, NO_BYTES);
  return withMetadata(uncoded, BlockMetadataIndex.COMMIT_HASH, NO_BYTES);
}
