/** Private write sets, transaction by transaction: those that are here, and those that are not (Fabric's pvtdatastorage). */
import { equalBytes, NO_BYTES, utf8 } from "@wanlian/protocol/bytes.js";
import { sha256 } from "@wanlian/protocol/hash.js";
import type { Block } from "@wanlian/protocol/messages/common.js";
import { KVRWSet, type KVWrite, type KVWriteHash, type TxPvtReadWriteSet } from "@wanlian/protocol/messages/rwset.js";
import { TxValidationCode } from "@wanlian/protocol/messages/transaction.js";
import type { NamespaceReadWriteSet } from "@wanlian/protocol/transaction/read-write-set.js";
import { blocksToLive, type Collection, findCollection, hasMember } from "./collections.js";
import {
  allMissingBounds,
  type CollectionName,
  expiringSet,
  missingBounds,
  missingKey,
  type PrivateSetPlace,
  placeOf,
  privateKey,
  privateSetBounds,
  privateSetKey,
  setExpiryBounds,
  setExpiryKey,
} from "./keys.js";
import type { PrivateSetStore } from "./ledger.js";
import type { EndorsementPolicies } from "./policies.js";
import { expiryWrites, plainValues, privateDataWrites } from "./private-data.js";
import type { CommittedState } from "./state.js";
import {
  holds,
  isOf,
  namedIn,
  type PrivateSet,
  rwsetOf,
  type StatedPlace,
  statedInBlock,
  statedPlaces,
  transactionSet,
  withoutKeys,
} from "./stated-sets.js";
import type { Store, Write } from "./store.js";
import type { StoredTransient } from "./transient.js";
import type { ValidatedBlock } from "./validator.js";
import { encodePrivate } from "./values.js";

interface Parts {
  readonly store: Store;
  readonly state: CommittedState;
  readonly transient: StoredTransient;
  /** The peer's own organization. */
  readonly mspId: string;
  /** Those in force. */
  policies(): EndorsementPolicies;
  /** Changes the database while nothing else does: what comes late must not undo what a block does. */
  inTurn<T>(change: () => Promise<T>): Promise<T>;
}

/** How often, in blocks, transient data that nobody needs any more are looked for. */
const TRANSIENT_SWEEP_BLOCKS = 100n;

export class PrivateSets implements PrivateSetStore {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  collection({ namespace, collection }: CollectionName): Promise<Collection | undefined> {
    return findCollection(this.#parts.policies(), namespace, collection);
  }

  /** What to write for the private data of a block that is being committed. */
  async blockWrites(block: bigint, { transactions, updates }: ValidatedBlock): Promise<Write[]> {
    const { store, state, transient, mspId } = this.#parts;
    const sets: PrivateSet[] = [];
    const removals: Write[] = [];
    for (const [index, { txId, code, namespaces }] of transactions.entries()) {
      if (namespaces.every(({ collections }) => collections.length === 0)) continue;
      const version = { block, transaction: BigInt(index) };
      if (code === TxValidationCode.VALID) sets.push(...(await this.#ofTransaction(txId, version, namespaces)));
      removals.push(...(await transient.removals(txId)));
    }
    const context = { mspId, block, state, policies: this.#parts.policies() };
    return [
      ...(await expiryWrites(store, updates, context)),
      ...(await privateDataWrites(updates, plainValues(sets), context)),
      ...(await this.#setWrites(block, sets)),
      ...removals,
      ...(block % TRANSIENT_SWEEP_BLOCKS === 0n ? await transient.expired() : []),
    ];
  }

  /** What a transaction wrote privately: as it was left here, or as it was stored before a rebuild. */
  async #ofTransaction(
    txId: string,
    version: Pick<PrivateSetPlace, "block" | "transaction">,
    namespaces: readonly NamespaceReadWriteSet[],
  ): Promise<PrivateSet[]> {
    const { transient } = this.#parts;
    return Promise.all(
      statedPlaces(namespaces, version).map(async ({ place, stated }) => {
        const left = await transient.find(txId, place, stated.privateHash);
        return { place, stated, rwset: left ?? this.#stored(place, stated.privateHash) };
      }),
    );
  }

  /** Those that are here and may be kept, and a note of every other. */
  async #setWrites(block: bigint, sets: readonly PrivateSet[]): Promise<Write[]> {
    const { store, mspId } = this.#parts;
    const writes: Write[] = [];
    const kept = new Map<string, { place: PrivateSetPlace; rwset: Uint8Array }>();
    for (const { place, rwset } of sets) {
      const collection = await this.collection(place);
      const life = blocksToLive(collection);
      if (life > 0n) writes.push(put(setExpiryKey(block + life + 1n, place), NO_BYTES));
      if (rwset === undefined || !hasMember(collection, mspId)) writes.push(put(missingKey(place), NO_BYTES));
      else kept.set(idOf(place), { place, rwset });
    }
    for await (const { place, rwset } of this.#purged(sets, kept)) kept.set(idOf(place), { place, rwset });
    writes.push(...[...kept.values()].map(({ place, rwset }) => put(privateSetKey(place), rwset)));
    for await (const [key] of store.range(setExpiryBounds(block))) {
      const place = expiringSet(key);
      writes.push(...[key, privateSetKey(place), missingKey(place)].map(del));
    }
    return writes;
  }

  async *missing(): AsyncIterable<PrivateSetPlace> {
    const { store, mspId } = this.#parts;
    let [start, end] = allMissingBounds();
    for (;;) {
      const next = await firstOf(store.range([start, end]));
      if (next === undefined) return;
      const name = placeOf(next[0]);
      const [first, last] = missingBounds(name);
      if (hasMember(await this.collection(name), mspId))
        for await (const [key] of store.range([first, last])) yield placeOf(key);
      start = last;
    }
  }

  async ofBlock(
    block: Block,
    mayHave: (collection: Collection | undefined) => boolean,
  ): Promise<ReadonlyMap<bigint, TxPvtReadWriteSet>> {
    const found = new Map<bigint, TxPvtReadWriteSet>();
    for (const [transaction, places] of statedInBlock(block)) {
      const sets = [];
      for (const { place } of places) {
        const rwset = this.#parts.store.get(privateSetKey(place));
        if (rwset !== undefined && mayHave(await this.collection(place))) sets.push({ place, rwset });
      }
      if (sets.length > 0) found.set(transaction, transactionSet(sets));
    }
    return found;
  }

  takeOver(block: Block, sets: ReadonlyMap<bigint, TxPvtReadWriteSet>): Promise<number> {
    return this.#parts.inTurn(() => this.#takeOver(block, sets));
  }

  async #takeOver(block: Block, sets: ReadonlyMap<bigint, TxPvtReadWriteSet>): Promise<number> {
    const { store, mspId } = this.#parts;
    let taken = 0;
    // Whoever sends what is here already must not have the block read for it each time.
    if (!namedIn(sets, block).some((place) => store.get(missingKey(place)) !== undefined)) return taken;
    for (const [transaction, places] of statedInBlock(block)) {
      for (const one of places) {
        const rwset = rwsetOf(sets.get(transaction), one.place);
        if (rwset === undefined || store.get(missingKey(one.place)) === undefined) continue;
        if (!hasMember(await this.collection(one.place), mspId)) continue;
        const writes = this.#takenOver(one, rwset);
        await store.write(writes);
        if (writes.length > 0) taken += 1;
      }
    }
    return taken;
  }

  /**
   * Only what the ledger states of a set counts. It is no longer missing when it is whole, or lacks nothing that is still in force:
   * what was purged since nobody has any more.
   */
  #takenOver({ place, stated }: StatedPlace, rwset: Uint8Array): Write[] {
    const { hashedWrites } = stated.hashed;
    const genuine = KVRWSet.decode(rwset).writes.filter((write) => hashedWrites.some((hash) => isOf(write, hash)));
    const lacking = hashedWrites.filter((hash) => !genuine.some((write) => isOf(write, hash)));
    if (lacking.some((hash) => this.#inForce(place, hash) !== undefined)) return [];
    const isWhole = equalBytes(sha256(rwset), stated.privateHash);
    const set = isWhole ? rwset : KVRWSet.encode({ writes: genuine });
    return [del(missingKey(place)), put(privateSetKey(place), set), ...this.#plainWrites({ place, stated }, genuine)];
  }

  #plainWrites({ place, stated }: StatedPlace, genuine: readonly KVWrite[]): Write[] {
    return stated.hashed.hashedWrites.flatMap((hash) => {
      const version = this.#inForce(place, hash);
      const write = genuine.find((one) => isOf(one, hash));
      if (version === undefined || write === undefined) return [];
      const plain = { name: utf8(write.key), value: write.value, version };
      return put(privateKey(place.namespace, place.collection, hash.keyHash), encodePrivate(plain));
    });
  }

  /** The version under which the state has what was written there; undefined when it was overwritten, deleted or has ended. */
  #inForce({ namespace, collection }: CollectionName, { keyHash, valueHash, isDelete }: KVWriteHash) {
    if (isDelete) return undefined;
    const present = this.#parts.state.hashed(namespace, collection, keyHash);
    return present !== undefined && equalBytes(present.valueHash, valueHash) ? present.version : undefined;
  }

  #stored(place: PrivateSetPlace, hash: Uint8Array): Uint8Array | undefined {
    const rwset = this.#parts.store.get(privateSetKey(place));
    return rwset !== undefined && equalBytes(sha256(rwset), hash) ? rwset : undefined;
  }

  /** Sets, of this block and of those before, without the keys that this block purges. */
  async *#purged(
    sets: readonly PrivateSet[],
    kept: ReadonlyMap<string, { readonly place: PrivateSetPlace; readonly rwset: Uint8Array }>,
  ): AsyncIterable<{ place: PrivateSetPlace; rwset: Uint8Array }> {
    for (const { place: purging, stated } of sets) {
      const keys = stated.hashed.hashedWrites.filter(({ isPurge }) => isPurge).map(({ keyHash }) => keyHash);
      if (keys.length === 0) continue;
      const without = function* (place: PrivateSetPlace, rwset: Uint8Array) {
        if (isBefore(place, purging) && holds(rwset, keys)) yield { place, rwset: withoutKeys(rwset, keys) };
      };
      for await (const [key, rwset] of this.#parts.store.range(privateSetBounds(purging)))
        yield* without(placeOf(key), kept.get(idOf(placeOf(key)))?.rwset ?? rwset);
      for (const { place, rwset } of [...kept.values()])
        if (place.namespace === purging.namespace && place.collection === purging.collection)
          yield* without(place, rwset);
    }
  }
}

const put = (key: Uint8Array, value: Uint8Array): Write => ({ type: "put", key, value });
const del = (key: Uint8Array): Write => ({ type: "del", key });

const idOf = ({ namespace, collection, block, transaction }: PrivateSetPlace): string =>
  [namespace, collection, block, transaction].join("\u0000");

const isBefore = (one: PrivateSetPlace, other: PrivateSetPlace): boolean =>
  one.block < other.block || (one.block === other.block && one.transaction < other.transaction);

async function firstOf<T>(items: AsyncIterable<T>): Promise<T | undefined> {
  for await (const item of items) return item;
  return undefined;
}
