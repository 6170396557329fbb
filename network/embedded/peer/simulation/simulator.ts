import { createHash } from "node:crypto";
import { compareUtf8 } from "@wanlian/protocol/bytes.js";
import type { KVMetadataEntry } from "@wanlian/protocol/messages/rwset.js";
import type { HashedValue, StateSnapshot, StateValue, Version } from "../../ledger/snapshot.js";
import { PeerError } from "../errors.js";
import { type QueryResult, RangeQuery, type ResultIterator } from "./range-query.js";
import { ReadWriteSet } from "./read-write-set.js";

/** Tells whether a private collection exists; to find out reads the state, which is recorded like any read. */
export type CollectionCheck = (namespace: string, collection: string, simulator: Simulator) => Promise<boolean>;

/** Metadata of a key by entry name. */
export type KeyMetadata = ReadonlyMap<string, Uint8Array>;

/**
 * One transaction run on a snapshot of the state, recording what it reads and would write. Nothing written is seen by later reads of
 * the same transaction: reads answer as the ledger stood (Fabric's core/ledger/kvledger/txmgmt/txmgr/query_executor.go).
 */
export class Simulator {
  readonly txId: string;
  readonly #state: StateSnapshot;
  readonly #collectionExists: CollectionCheck;
  readonly #record = new ReadWriteSet();
  readonly #ranges: RangeQuery[] = [];
  readonly #knownCollections = new Map<string, boolean>();
  #writes = false;
  #privateQuery = false;
  #paginatedQuery = false;
  #released = false;

  constructor(txId: string, state: StateSnapshot, collectionExists: CollectionCheck) {
    this.txId = txId;
    this.#state = state;
    this.#collectionExists = collectionExists;
  }

  /** The state itself, for reads that are not to be part of the transaction. */
  get state(): StateSnapshot {
    return this.#state;
  }

  async get(namespace: string, key: string): Promise<Uint8Array | undefined> {
    return (await this.#read(namespace, key))?.value;
  }

  async getMetadata(namespace: string, key: string): Promise<KeyMetadata> {
    return (await this.#read(namespace, key))?.metadata ?? new Map();
  }

  /** An empty or absent value is a delete. */
  put(namespace: string, key: string, value: Uint8Array | undefined): void {
    this.#beforeWrite();
    this.#record.write(namespace, key, value);
  }

  /** Replaces the whole metadata of the key. */
  putMetadata(namespace: string, key: string, metadata: KeyMetadata): void {
    this.#beforeWrite();
    this.#record.writeMetadata(namespace, key, entriesOf(metadata));
  }

  /** The keys from `start` up to but without `end`; an empty bound is open. */
  range(namespace: string, start: string, end: string): RangeQuery {
    return this.#openRange(namespace, start, end, 0);
  }

  /** One page of a range; makes the transaction read-only. */
  page(namespace: string, start: string, end: string, size: number): RangeQuery {
    if (this.#writes) throw this.#readOnly("Paginated queries are supported only in a read-only transaction");
    this.#paginatedQuery = true;
    return this.#openRange(namespace, start, end, size);
  }

  async getPrivate(namespace: string, collection: string, key: string): Promise<Uint8Array | undefined> {
    await this.#collection(namespace, collection);
    const [plain, hashed] = await Promise.all([
      this.#state.privateGet(namespace, collection, key),
      this.#state.hashedGet(namespace, collection, hashOf(key)),
    ]);
    if (!sameVersion(plain?.version, hashed?.version)) {
      throw new PeerError(
        "SIMULATION",
        "private data matching public hash version is not available. " +
          `Public hash version = ${versionText(hashed?.version)}, Private data version = ${versionText(plain?.version)}`,
      );
    }
    this.#record.readPrivate(namespace, collection, key, plain?.version);
    return plain?.value;
  }

  async getPrivateHash(namespace: string, collection: string, key: string): Promise<Uint8Array | undefined> {
    return (await this.#readHashed(namespace, collection, key))?.valueHash;
  }

  async getPrivateMetadata(namespace: string, collection: string, key: string): Promise<KeyMetadata> {
    return (await this.#readHashed(namespace, collection, key))?.metadata ?? new Map();
  }

  async putPrivate(namespace: string, collection: string, key: string, value: Uint8Array | undefined): Promise<void> {
    await this.#collection(namespace, collection);
    this.#beforeWrite();
    this.#record.writePrivate(namespace, collection, key, value);
  }

  async purgePrivate(namespace: string, collection: string, key: string): Promise<void> {
    await this.#collection(namespace, collection);
    this.#beforeWrite();
    this.#record.purgePrivate(namespace, collection, key);
  }

  async putPrivateMetadata(namespace: string, collection: string, key: string, metadata: KeyMetadata): Promise<void> {
    await this.#collection(namespace, collection);
    this.#beforeWrite();
    this.#record.writePrivateMetadata(namespace, collection, key, entriesOf(metadata));
  }

  /** The plain values of a collection; such a query is not protected against phantoms, so it makes the transaction read-only. */
  async privateRange(
    namespace: string,
    collection: string,
    start: string,
    end: string,
  ): Promise<ResultIterator<QueryResult>> {
    if (this.#writes) throw this.#readOnly("Queries on pvt data is supported only in a read-only transaction");
    this.#privateQuery = true;
    await this.#collection(namespace, collection);
    return unrecorded(this.#state.privateRange(namespace, collection, start, end));
  }

  /** Closes the ranges and gives what the transaction read and would write. Called once. */
  async finish(): Promise<ReadWriteSet> {
    for (const range of this.#ranges) {
      await range.close();
      this.#record.range(range.namespace, range.recorded());
    }
    return this.#record;
  }

  /** Metadata of a written key as committed: a key-level policy there decides who has to endorse. */
  async committedMetadata(namespace: string, collection: string, key: string): Promise<KeyMetadata> {
    const found =
      collection === ""
        ? await this.#state.get(namespace, key)
        : await this.#state.hashedGet(namespace, collection, hashOf(key));
    return found?.metadata ?? new Map();
  }

  /** Lets the snapshot go; whatever still reads fails. May be called again. */
  async release(): Promise<void> {
    if (this.#released) return;
    this.#released = true;
    for (const range of this.#ranges) await range.close();
    await this.#state.release();
  }

  #openRange(namespace: string, start: string, end: string, limit: number): RangeQuery {
    const range = new RangeQuery(namespace, start, end, this.#state.range(namespace, start, end), limit);
    this.#ranges.push(range);
    return range;
  }

  async #read(namespace: string, key: string): Promise<StateValue | undefined> {
    const found = await this.#state.get(namespace, key);
    this.#record.read(namespace, key, found?.version);
    return found;
  }

  async #readHashed(namespace: string, collection: string, key: string): Promise<HashedValue | undefined> {
    await this.#collection(namespace, collection);
    const found = await this.#state.hashedGet(namespace, collection, hashOf(key));
    this.#record.readHash(namespace, collection, key, found?.version);
    return found;
  }

  async #collection(namespace: string, collection: string): Promise<void> {
    const name = `${namespace}\0${collection}`;
    let exists = this.#knownCollections.get(name);
    if (exists === undefined) {
      exists = await this.#collectionExists(namespace, collection, this);
      this.#knownCollections.set(name, exists);
    }
    if (!exists) {
      throw new PeerError(
        "SIMULATION",
        `collection [${collection}] not defined in the collection config for chaincode [${namespace}]`,
      );
    }
  }

  #beforeWrite(): void {
    if (this.#privateQuery) {
      throw this.#readOnly("Transaction has already performed queries on pvt data. Writes are not allowed");
    }
    if (this.#paginatedQuery) {
      throw this.#readOnly("Transaction has already performed a paginated query. Writes are not allowed");
    }
    this.#writes = true;
  }

  /** The misspelt word is Fabric's own, and clients may look for it. */
  #readOnly(reason: string): PeerError {
    return new PeerError("SIMULATION", `txid [${this.txId}]: unsuppored transaction. ${reason}`);
  }
}

const hashOf = (key: string): Uint8Array => createHash("sha256").update(key).digest();

function entriesOf(metadata: KeyMetadata): KVMetadataEntry[] {
  return [...metadata].sort(([a], [b]) => compareUtf8(a, b)).map(([name, value]) => ({ name, value }));
}

function sameVersion(left: Version | undefined, right: Version | undefined): boolean {
  return left?.block === right?.block && left?.transaction === right?.transaction;
}

/** A version as Fabric prints it in its errors. */
function versionText(version: Version | undefined): string {
  return version === undefined ? "<nil>" : `{BlockNum: ${version.block}, TxNum: ${version.transaction}}`;
}

function unrecorded(entries: AsyncIterableIterator<QueryResult>): ResultIterator<QueryResult> {
  return {
    async next() {
      const { done, value } = await entries.next();
      return done ? undefined : { key: value.key, value: value.value };
    },
    async close() {
      await entries.return?.();
    },
  };
}
