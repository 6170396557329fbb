import { createHash } from "node:crypto";
import { toHex } from "@wanlian/protocol/bytes.js";
import { encodeDer, encodeUnsigned, Tag } from "@wanlian/protocol/identities/der.js";
import { Block, type BlockHeader, BlockMetadataIndex, Metadata } from "@wanlian/protocol/messages/common.js";

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

/** A block that is not one, or not the next. */
export class BlockError extends Error {
  override readonly name = "BlockError";
}

/** Reads proto common.Block and checks what it says of itself. @throws BlockError, ProtocolError */
export function readBlock(bytes: Uint8Array): LedgerBlock {
  const { header, data, metadata } = Block.decode(bytes);
  if (header === undefined || data === undefined || metadata === undefined) {
    throw new BlockError("a block without header, data or metadata");
  }
  const dataHash = toHex(hashData(data.data));
  if (dataHash !== toHex(header.dataHash)) {
    throw new BlockError(`block ${header.number} does not hold what its header says: its data hash is ${dataHash}`);
  }
  const codes = metadata.metadata[BlockMetadataIndex.TRANSACTIONS_FILTER] ?? new Uint8Array();
  if (codes.length !== data.data.length) {
    throw new BlockError(`block ${header.number} has ${data.data.length} transactions and ${codes.length} codes`);
  }
  const commitHash = metadata.metadata[BlockMetadataIndex.COMMIT_HASH] ?? new Uint8Array();
  return {
    number: header.number,
    hash: toHex(hashHeader(header)),
    previousHash: toHex(header.previousHash),
    dataHash,
    envelopes: data.data,
    codes,
    commitHash: toHex(Metadata.decode(commitHash).value),
  };
}

/** @throws BlockError unless the block follows the given height and hash (undefined: nothing came before). */
export function checkFollows(block: LedgerBlock, height: bigint, previousHash: string | undefined): void {
  if (block.number !== height) throw new BlockError(`block ${block.number} came where ${height} was due`);
  const expected = previousHash ?? "";
  if (block.previousHash !== expected) {
    throw new BlockError(
      `block ${block.number} follows ${block.previousHash || "nothing"}, but block ${height - 1n} here is ${expected || "missing"}: ` +
        "the peer has another chain than this node",
    );
  }
}

/** SHA-256 over the envelopes, one after the other. */
export function hashData(envelopes: readonly Uint8Array[]): Uint8Array {
  const hash = createHash("sha256");
  for (const envelope of envelopes) hash.update(envelope);
  return hash.digest();
}

/** SHA-256 over DER: SEQUENCE { INTEGER number, OCTET STRING previousHash, OCTET STRING dataHash }. */
export function hashHeader({ number, previousHash, dataHash }: BlockHeader): Uint8Array {
  const header = encodeDer(
    Tag.SEQUENCE,
    encodeUnsigned(number),
    encodeDer(Tag.OCTET_STRING, previousHash),
    encodeDer(Tag.OCTET_STRING, dataHash),
  );
  return createHash("sha256").update(header).digest();
}
