import type { ChannelBundle } from "@wanlian/protocol/configuration/channel-bundle.js";
import type { Block, Envelope } from "@wanlian/protocol/messages/common.js";
import type { TxPvtReadWriteSet } from "@wanlian/protocol/messages/rwset.js";
import type { Collection } from "./collections.js";
import type { CollectionName, PrivateSetPlace } from "./keys.js";
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

/** Private write sets from endorsement to commit; the ledger asks for them by transaction and hash. */
export interface TransientStore {
  /** Keeps what this peer endorsed. */
  put(txId: string, privateWrites: TxPvtReadWriteSet): Promise<void>;
  /** Keeps what a peer of another endorsed; resolves to false when its organization has left too much here already. */
  receive(txId: string, name: CollectionName, rwset: Uint8Array, from: string): Promise<boolean>;
  find(txId: string, name: CollectionName, hash: Uint8Array): Promise<Uint8Array | undefined>;
}

/** The private write sets of committed transactions, as far as they are here. */
export interface PrivateSetStore {
  /** The collection as the last block has it; undefined where there is none. */
  collection(name: CollectionName): Promise<Collection | undefined>;
  /** The sets of a block that are here, by transaction, of the collections that the asker may have. */
  ofBlock(
    block: Block,
    mayHave: (collection: Collection | undefined) => boolean,
  ): Promise<ReadonlyMap<bigint, TxPvtReadWriteSet>>;
  /** Where sets that this organization may have are not here, collection by collection, oldest first. */
  missing(): AsyncIterable<PrivateSetPlace>;
  /**
   * Takes what others had of a block's sets, as far as the block states it by hash. Resolves to how many were missing.
   * @throws ProtocolError MALFORMED
   */
  takeOver(block: Block, sets: ReadonlyMap<bigint, TxPvtReadWriteSet>): Promise<number>;
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
  readonly privateSets: PrivateSetStore;

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
