import { concatBytes, text, utf8 } from "@wanlian/protocol/bytes.js";
import { sha256 } from "@wanlian/protocol/hash.js";
import type { TxPvtReadWriteSet } from "@wanlian/protocol/messages/rwset.js";
import { type CollectionName, readUint64, transientBounds, transientBoundsOf, transientKey, uint64 } from "./keys.js";
import type { TransientStore } from "./ledger.js";
import type { Store, Write } from "./store.js";

/** Blocks after which private writes of a proposal that never became a transaction are dropped (Fabric's transientBlockRetention). */
const RETENTION_BLOCKS = 1000n;

/** Bytes of private writes that peers of one organization may leave here for transactions that are not ordered yet. */
export const MOST_BYTES_LEFT = 64 << 20;

/** Private writes from endorsement to commit, in the channel's own database, so that a restart between the two loses nothing. */
export class StoredTransient implements TransientStore {
  readonly #store: Store;
  readonly #height: () => bigint;
  /** Bytes that each organization has left here; counted when first asked for, and anew when what is too old goes. */
  #left: Promise<Map<string, number>> | undefined;

  constructor(store: Store, height: () => bigint) {
    this.#store = store;
    this.#height = height;
  }

  async put(txId: string, privateWrites: TxPvtReadWriteSet): Promise<void> {
    const writes = privateWrites.nsPvtRwset.flatMap(({ namespace, collectionPvtRwset }) =>
      collectionPvtRwset.map(({ collectionName, rwset }) =>
        this.#entry(txId, { namespace, collection: collectionName }, rwset, ""),
      ),
    );
    await this.#store.write(writes);
  }

  async receive(txId: string, name: CollectionName, rwset: Uint8Array, from: string): Promise<boolean> {
    if (this.#store.get(transientKey(txId, name, sha256(rwset))) !== undefined) return true;
    this.#left ??= this.#count();
    const left = await this.#left;
    const bytes = (left.get(from) ?? 0) + rwset.length;
    if (bytes > MOST_BYTES_LEFT) return false;
    left.set(from, bytes);
    await this.#store.write([this.#entry(txId, name, rwset, from)]);
    return true;
  }

  async find(txId: string, name: CollectionName, hash: Uint8Array): Promise<Uint8Array | undefined> {
    const value = this.#store.get(transientKey(txId, name, hash));
    return value && readEntry(value).rwset;
  }

  /** What to write so that all that waits for a transaction is gone. */
  async removals(txId: string): Promise<Write[]> {
    const removals: Write[] = [];
    const left = await this.#left;
    for await (const [key, value] of this.#store.range(transientBoundsOf(txId))) {
      const { from, rwset } = readEntry(value);
      left?.set(from, (left.get(from) ?? 0) - rwset.length);
      removals.push({ type: "del", key });
    }
    return removals;
  }

  /** What to write so that all that is too old is gone. */
  async expired(): Promise<Write[]> {
    const removals: Write[] = [];
    for await (const [key, value] of this.#store.range(transientBounds())) {
      if (readEntry(value).height + RETENTION_BLOCKS < this.#height()) removals.push({ type: "del", key });
    }
    this.#left = undefined;
    return removals;
  }

  #entry(txId: string, name: CollectionName, rwset: Uint8Array, from: string): Write {
    const sender = utf8(from);
    const value = concatBytes(uint64(this.#height()), uint64(BigInt(sender.length)), sender, rwset);
    return { type: "put", key: transientKey(txId, name, sha256(rwset)), value };
  }

  async #count(): Promise<Map<string, number>> {
    const left = new Map<string, number>();
    for await (const [, value] of this.#store.range(transientBounds())) {
      const { from, rwset } = readEntry(value);
      left.set(from, (left.get(from) ?? 0) + rwset.length);
    }
    return left;
  }
}

function readEntry(bytes: Uint8Array): { height: bigint; from: string; rwset: Uint8Array } {
  const at = 16 + Number(readUint64(bytes, 8));
  return { height: readUint64(bytes), from: text(bytes.subarray(16, at)), rwset: bytes.subarray(at) };
}
