import { mkdir } from "node:fs/promises";
import {
  assertComplete,
  assertFollows,
  assertWellFormed,
  type CompleteBlock,
  headerHash,
  withMetadata,
} from "@wanlian/protocol/block.js";
import { assertOrdered } from "@wanlian/protocol/block-signatures.js";
import { type Bundle, bundleFromBlock } from "@wanlian/protocol/configuration/bundle.js";
import { Block, type BlockHeader, BlockMetadataIndex, Envelope, Metadata } from "@wanlian/protocol/messages/common.js";
import { damaged } from "../checksum.js";
import { checkChain, checkRecent, type StoredChain } from "../stored-chain.js";
import { commitHash } from "./commit-hash.js";
import { LIFECYCLE_NAMESPACE } from "./definitions.js";
import { writeGenesis } from "./genesis.js";
import { historyEntry } from "./history.js";
import {
  blockHashKey,
  blockKey,
  CONFIG_BLOCK,
  commitHashKey,
  historyBounds,
  historyPosition,
  readUint64,
  transactionKey,
} from "./keys.js";
import type { CommittedBlock, HistoryEntry, Ledger, StoredTransaction } from "./ledger.js";
import { EndorsementPolicies } from "./policies.js";
import { PrivateSets } from "./private-sets.js";
import type { StateSnapshot } from "./snapshot.js";
import { CommittedState, LedgerSnapshot, readHeight } from "./state.js";
import { Store } from "./store.js";
import { StoredTransient } from "./transient.js";
import { validateBlock } from "./validator.js";
import { decodePosition, type TransactionPosition } from "./values.js";
import { blockWrites } from "./writes.js";

export interface LedgerOptions {
  /** Of this channel alone. */
  readonly directory: string;
  /** The peer's own organization, whose private data it keeps. */
  readonly mspId: string;
}

/**
 * Opens a channel's ledger.
 * @throws ProtocolError INVALID_BLOCK when the directory holds none.
 */
export async function openLedger(options: LedgerOptions): Promise<ChannelLedger> {
  return ChannelLedger.open(options);
}

/** Begins a channel's ledger with its genesis block; one that has begun is opened as it is. */
export async function createLedger(options: LedgerOptions, genesis: Block): Promise<ChannelLedger> {
  return ChannelLedger.open(options, genesis);
}

/** A channel's ledger in one LevelDB. Each block is one atomic, synced write, so that there is nothing to repair after a crash. */
export class ChannelLedger implements Ledger {
  readonly channelId: string;
  readonly transient: StoredTransient;
  readonly privateSets: PrivateSets;
  readonly #store: Store;
  readonly #state: CommittedState;
  readonly #listeners = new Set<(committed: CommittedBlock) => void>();
  #bundle: Bundle;
  #policies: EndorsementPolicies;
  #lastHeader: BlockHeader;
  #commitHash: Uint8Array | undefined;
  #configBlock: bigint;
  #committing = false;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(options: LedgerOptions, store: Store, lastHeader: BlockHeader) {
    this.#store = store;
    this.#state = new CommittedState(store);
    this.#lastHeader = lastHeader;
    this.#configBlock = readUint64(present(store.directory, store.get(CONFIG_BLOCK)));
    const configBlock = Block.decode(present(store.directory, store.get(blockKey(this.#configBlock))));
    this.#bundle = bundleFromBlock(configBlock.data?.data ?? []);
    this.#policies = this.#policiesOf(this.#bundle);
    this.#commitHash = store.get(commitHashKey(lastHeader.number));
    this.channelId = this.#bundle.channelId;
    this.transient = new StoredTransient(store, () => this.height);
    this.privateSets = new PrivateSets({
      store,
      state: this.#state,
      transient: this.transient,
      mspId: options.mspId,
      policies: () => this.#policies,
      inTurn: (change) => this.#inTurn(change),
    });
  }

  static async open(options: LedgerOptions, genesis?: Block): Promise<ChannelLedger> {
    await mkdir(options.directory, { recursive: true });
    const store = await Store.open(options.directory);
    try {
      const { directory } = store;
      if (readHeight(store) === 0n) {
        // What holds entries has begun: without its height, a genesis block on top would hide what was lost.
        if (await store.holdsAnything()) throw damaged(directory, undefined);
        await writeGenesis(store, genesis);
      }
      await checkRecent(storedBlocks(store), readHeight(store));
      const last = Block.decode(present(directory, store.get(blockKey(readHeight(store) - 1n))));
      return new ChannelLedger(options, store, present(directory, last.header));
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  get height(): bigint {
    return this.#lastHeader.number + 1n;
  }

  get config(): Bundle {
    return this.#bundle;
  }

  get configBlock(): bigint {
    return this.#configBlock;
  }

  get lastBlockHash(): Uint8Array {
    return headerHash(this.#lastHeader);
  }

  /** Chaincode definitions and policies as of the last block. */
  get policies(): EndorsementPolicies {
    return this.#policies;
  }

  async block(number: bigint): Promise<Block | undefined> {
    if (number < 0n) return undefined;
    const bytes = this.#store.get(blockKey(number));
    return bytes === undefined ? undefined : Block.decode(bytes);
  }

  async blockByHash(hash: Uint8Array): Promise<Block | undefined> {
    const number = this.#store.get(blockHashKey(hash));
    return number === undefined ? undefined : this.block(readUint64(number));
  }

  async blockByTxId(txId: string): Promise<Block | undefined> {
    const position = this.#position(txId);
    return position === undefined ? undefined : this.block(position.block);
  }

  async transaction(txId: string): Promise<StoredTransaction | undefined> {
    const position = this.#position(txId);
    if (position === undefined) return undefined;
    const block = await this.block(position.block);
    const envelope = Envelope.decode(present(this.#store.directory, block?.data?.data[position.index]));
    return { txId, ...position, envelope };
  }

  async hasTransaction(txId: string): Promise<boolean> {
    return this.#position(txId) !== undefined;
  }

  async commitHash(number: bigint): Promise<Uint8Array | undefined> {
    return this.#store.get(commitHashKey(number));
  }

  async commit(block: Block): Promise<CommittedBlock> {
    if (this.#committing)
      throw new Error("a block is being committed already: blocks are committed one after the other");
    this.#committing = true;
    try {
      assertComplete(block);
      assertFollows(block, this.#lastHeader);
      assertWellFormed(block);
      await assertOrdered(block, block.header, this.#bundle);
      const committed = await this.#inTurn(() => this.#commit(block));
      for (const listener of this.#listeners) listener(committed);
      return committed;
    } finally {
      this.#committing = false;
    }
  }

  onCommit(listener: (committed: CommittedBlock) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  snapshot(): StateSnapshot {
    return new LedgerSnapshot(this.#store);
  }

  async *history(namespace: string, key: string): AsyncIterable<HistoryEntry> {
    for await (const [position] of this.#store.range(historyBounds(namespace, key), { reverse: true })) {
      const { block, transaction } = historyPosition(position);
      const index = Number(transaction);
      const bytes = (await this.block(block))?.data?.data[index];
      const found = bytes && historyEntry(bytes, { block, index }, namespace, key);
      if (found !== undefined) yield found;
    }
  }

  async checkStored(signal: AbortSignal): Promise<void> {
    await this.#store.check(signal);
    await checkChain(storedBlocks(this.#store), this.height, signal);
  }

  async close(): Promise<void> {
    await this.#store.close();
  }

  async #commit(block: CompleteBlock): Promise<CommittedBlock> {
    const { number } = block.header;
    const view = {
      bundle: this.#bundle,
      policies: this.#policies,
      state: this.#state,
      hasTransaction: (txId: string) => this.#position(txId) !== undefined,
    };
    const validated = await validateBlock(number, block.data.data, view);
    const codes = Uint8Array.from(validated.transactions, ({ code }) => code);
    const hash = commitHash(codes, validated.updates, this.#commitHash);
    const finished = withCodes(block, codes, hash);
    await this.#store.write([
      ...blockWrites(finished, block.header, validated, hash),
      ...(await this.privateSets.blockWrites(number, validated)),
    ]);

    this.#lastHeader = block.header;
    this.#commitHash = hash;
    if (validated.bundle !== undefined) {
      this.#bundle = validated.bundle;
      this.#configBlock = number;
      this.#policies = this.#policiesOf(validated.bundle);
    } else if (validated.updates.public.has(LIFECYCLE_NAMESPACE)) this.#policies.forgetDefinitions();
    const txIds = validated.transactions.map(({ txId }) => txId);
    return { number, block: finished, codes, txIds, commitHash: hash, config: validated.bundle };
  }

  /** One change of the database after the other. */
  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const changed = this.#turn.then(change);
    this.#turn = changed.catch(() => undefined);
    return changed;
  }

  #policiesOf(bundle: Bundle): EndorsementPolicies {
    return new EndorsementPolicies(bundle, async (key) => this.#state.get(LIFECYCLE_NAMESPACE, key)?.value);
  }

  #position(txId: string): TransactionPosition | undefined {
    const bytes = this.#store.get(transactionKey(txId));
    return bytes === undefined ? undefined : decodePosition(bytes);
  }
}

const storedBlocks = (store: Store): StoredChain => ({
  directory: store.directory,
  async read(number) {
    const bytes = store.get(blockKey(number));
    if (bytes === undefined) throw damaged(store.directory, number);
    return bytes;
  },
});

function withCodes(block: Block, codes: Uint8Array, hash: Uint8Array): Block {
  const coded = withMetadata(block, BlockMetadataIndex.TRANSACTIONS_FILTER, codes);
  return withMetadata(coded, BlockMetadataIndex.COMMIT_HASH, Metadata.encode({ value: hash }));
}

/** A ledger that has begun has all of its parts; one that is not found any more was lost. */
function present<T>(directory: string, value: T | undefined): T {
  if (value === undefined) throw damaged(directory, undefined);
  return value;
}
