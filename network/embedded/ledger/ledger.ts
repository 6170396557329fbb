import type { ChannelBundle } from "@wanlian/protocol/configuration/channel-bundle.js";
import type { Block, Envelope } from "@wanlian/protocol/messages/common.js";
import type { TxPvtReadWriteSet } from "@wanlian/protocol/messages/rwset.js";
import type { StateSnapshot } from "./snapshot.js";

/** A block after this peer has validated and stored it. */
export interface CommittedBlock {
  readonly number: bigint;
  /** With the peer's metadata filled in: validation codes (2) and commit hash (4). */
  readonly block: Block;
  /** A validation code a transaction, in block order. */
  readonly codes: Uint8Array;
  /** Transaction ids as claimed in the channel headers, in block order; empty where there is none. */
  readonly txIds: readonly string[];
  /** Absent for block 0 only. */
  readonly commitHash: Uint8Array | undefined;
  /** Set when the block changed the channel's configuration. */
  readonly config: ChannelBundle | undefined;
}

/** A transaction as the index knows it: where an id stands first. */
export interface StoredTransaction {
  readonly txId: string;
  readonly block: bigint;
  readonly index: number;
  readonly code: number;
  readonly envelope: Envelope;
}

/** Private write sets from endorsement to commit; the ledger asks for them by transaction id. */
export interface TransientStore {
  put(txId: string, privateWrites: TxPvtReadWriteSet): Promise<void>;
  get(txId: string): Promise<TxPvtReadWriteSet | undefined>;
  remove(txIds: readonly string[]): Promise<void>;
}

/** One channel's blocks, indexes and state on this peer. */
export interface Ledger {
  readonly channelId: string;
  /** Number of blocks. */
  readonly height: bigint;
  /** The configuration in force. */
  readonly config: ChannelBundle;
  readonly lastBlockHash: Uint8Array;
  readonly transient: TransientStore;

  block(number: bigint): Promise<Block | undefined>;
  blockByHash(headerHash: Uint8Array): Promise<Block | undefined>;
  blockByTxId(txId: string): Promise<Block | undefined>;
  transaction(txId: string): Promise<StoredTransaction | undefined>;
  hasTransaction(txId: string): Promise<boolean>;
  /** Absent for block 0 and blocks not yet here. */
  commitHash(number: bigint): Promise<Uint8Array | undefined>;
  /** The number of the block that holds the configuration in force. */
  readonly configBlock: bigint;

  /**
   * Verifies, validates and stores the next block, in one durable step. Calls must not overlap.
   * @throws ProtocolError INVALID_BLOCK when it does not follow, is not well formed or lacks the orderers' signatures; nothing is stored.
   */
  commit(block: Block): Promise<CommittedBlock>;
  /** Called after each block is durable, in order. Returns how to stop. */
  onCommit(listener: (committed: CommittedBlock) => void): () => void;

  /** State as of now, unmoved by later blocks. Must be released. */
  snapshot(): StateSnapshot;
  /** Earlier versions of a public key, newest first: block, transaction index and what the transaction wrote. */
  history(namespace: string, key: string): AsyncIterable<HistoryEntry>;
  /**
   * Reads everything that is stored, in the background; ends early when the signal aborts.
   * @throws NetworkError DAMAGED, naming the first block that is missing or damaged
   */
  checkStored(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export interface HistoryEntry {
  readonly txId: string;
  readonly block: bigint;
  readonly index: number;
  readonly timestamp: { readonly seconds: bigint; readonly nanos: number };
  readonly isDelete: boolean;
  readonly value: Uint8Array;
}
