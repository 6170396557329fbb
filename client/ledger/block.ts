import {
  assertComplete,
  assertWellFormed,
  headerHash,
  statedCommitHash,
  validationCodes,
} from "@wanlian/protocol/block.js";
import { NO_BYTES, toHex } from "@wanlian/protocol/bytes.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import { Block } from "@wanlian/protocol/messages/common.js";

/** A block as a peer delivered it, whose hashes are its own. */
export interface LedgerBlock {
  readonly number: bigint;
  /** Header hash, hex; so are the others. */
  readonly hash: string;
  readonly previousHash: string;
  readonly dataHash: string;
  /** proto common.Envelope each. */
  readonly envelopes: readonly Uint8Array[];
  /** TxValidationCode a transaction, as the peer states it. */
  readonly codes: Uint8Array;
  /** As the peer states it, hex; empty for block 0. */
  readonly commitHash: string;
}

/** Reads proto common.Block and checks what it says of itself. @throws ProtocolError */
export function readBlock(bytes: Uint8Array): LedgerBlock {
  const block = Block.decode(bytes);
  assertComplete(block);
  assertWellFormed(block);
  const { header, data } = block;
  const codes = validationCodes(block);
  if (codes.length !== data.data.length) {
    throw invalid(`block ${header.number} has ${data.data.length} transactions and ${codes.length} codes`);
  }
  return {
    number: header.number,
    hash: toHex(headerHash(header)),
    previousHash: toHex(header.previousHash),
    dataHash: toHex(header.dataHash),
    envelopes: data.data,
    codes,
    commitHash: toHex(statedCommitHash(block) ?? NO_BYTES),
  };
}

/** @throws ProtocolError unless the block follows the given height and hash (undefined: nothing came before) */
export function checkFollows(block: LedgerBlock, height: bigint, previousHash: string | undefined): void {
  if (block.number !== height) throw invalid(`block ${block.number} came where ${height} was due`);
  const expected = previousHash ?? "";
  if (block.previousHash !== expected) {
    throw invalid(
      `block ${block.number} follows ${block.previousHash || "nothing"}, but block ${height - 1n} here is ` +
        `${expected || "missing"}: the peer has another chain than this node`,
    );
  }
}

const invalid = (message: string): ProtocolError => new ProtocolError("INVALID_BLOCK", message);
