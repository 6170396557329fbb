import { concatBytes } from "@wanlian/protocol/bytes.js";
import { TxPvtReadWriteSet } from "@wanlian/protocol/messages/rwset.js";
import { readUint64, transientBounds, transientKey, uint64 } from "./keys.js";
import type { TransientStore } from "./ledger.js";
import type { Store, Write } from "./store.js";

/** Blocks after which private writes of a proposal that never became a transaction are dropped (Fabric's transientBlockRetention). */
const RETENTION_BLOCKS = 1000n;

/** Private writes from endorsement to commit, in the channel's own database, so that a restart between the two loses nothing. */
export class StoredTransient implements TransientStore {
  readonly #store: Store;
  readonly #height: () => bigint;

  constructor(store: Store, height: () => bigint) {
    this.#store = store;
    this.#height = height;
  }

  async put(txId: string, privateWrites: TxPvtReadWriteSet): Promise<void> {
    const value = concatBytes(uint64(this.#height()), TxPvtReadWriteSet.encode(privateWrites));
    await this.#store.write([{ type: "put", key: transientKey(txId), value }]);
  }

  async get(txId: string): Promise<TxPvtReadWriteSet | undefined> {
    const value = this.#store.get(transientKey(txId));
    return value === undefined ? undefined : TxPvtReadWriteSet.decode(value.subarray(8));
  }

  async remove(txIds: readonly string[]): Promise<void> {
    await this.#store.write(this.removals(txIds));
  }

  /** What to write so that these are gone. */
  removals(txIds: readonly string[]): Write[] {
    return txIds
      .map(transientKey)
      .filter((key) => this.#store.get(key) !== undefined)
      .map((key) => ({ type: "del", key }));
  }

  /** What to write so that all that is too old is gone. */
  async expired(): Promise<Write[]> {
    const removals: Write[] = [];
    for await (const [key, value] of this.#store.range(transientBounds())) {
      if (readUint64(value) + RETENTION_BLOCKS < this.#height()) removals.push({ type: "del", key });
    }
    return removals;
  }
}
