import { text, utf8 } from "@wanlian/protocol/bytes.js";
import { sha256 } from "@wanlian/protocol/hash.js";
import { HEIGHT, hashedKey, privateKey, readUint64, stateBounds, stateKey, stateKeyName } from "./keys.js";
import type { HashedValue, StateSnapshot, StateValue, Version } from "./snapshot.js";
import type { DatabaseSnapshot, Store } from "./store.js";
import { decodeState } from "./values.js";

/** The committed state, read at once. What a validator works on: nothing else writes meanwhile. */
export class CommittedState {
  readonly #store: Store;
  readonly #snapshot: DatabaseSnapshot | undefined;

  constructor(store: Store, snapshot?: DatabaseSnapshot) {
    this.#store = store;
    this.#snapshot = snapshot;
  }

  get(namespace: string, key: string): StateValue | undefined {
    return this.#read(stateKey(namespace, key));
  }

  hashed(namespace: string, collection: string, keyHash: Uint8Array): HashedValue | undefined {
    const found = this.#read(hashedKey(namespace, collection, keyHash));
    return found && { valueHash: found.value, version: found.version, metadata: found.metadata };
  }

  private(namespace: string, collection: string, keyHash: Uint8Array): StateValue | undefined {
    return this.#read(privateKey(namespace, collection, keyHash));
  }

  async *range(
    namespace: string,
    start: string,
    end: string,
  ): AsyncIterableIterator<StateValue & { readonly key: string }> {
    const options = this.#snapshot === undefined ? {} : { snapshot: this.#snapshot };
    for await (const [key, value] of this.#store.range(stateBounds(namespace, start, end), options)) {
      yield { key: text(stateKeyName(namespace, key)), ...decodeState(value) };
    }
  }

  #read(key: Uint8Array): StateValue | undefined {
    const bytes = this.#store.get(key, this.#snapshot);
    return bytes === undefined ? undefined : decodeState(bytes);
  }
}

/** Number of blocks, as the database has it. */
export function readHeight(store: Store, snapshot?: DatabaseSnapshot): bigint {
  const bytes = store.get(HEIGHT, snapshot);
  return bytes === undefined ? 0n : readUint64(bytes);
}

/** A snapshot over the database's own. */
export class LedgerSnapshot implements StateSnapshot {
  readonly height: bigint;
  readonly #state: CommittedState;
  readonly #snapshot: DatabaseSnapshot;

  constructor(store: Store) {
    this.#snapshot = store.snapshot();
    this.height = readHeight(store, this.#snapshot);
    this.#state = new CommittedState(store, this.#snapshot);
  }

  async get(namespace: string, key: string): Promise<StateValue | undefined> {
    return this.#state.get(namespace, key);
  }

  range(namespace: string, start: string, end: string): AsyncIterableIterator<StateValue & { readonly key: string }> {
    return this.#state.range(namespace, start, end);
  }

  async hashedGet(namespace: string, collection: string, keyHash: Uint8Array): Promise<HashedValue | undefined> {
    return this.#state.hashed(namespace, collection, keyHash);
  }

  async privateGet(
    namespace: string,
    collection: string,
    key: string,
  ): Promise<{ readonly value: Uint8Array; readonly version: Version } | undefined> {
    return this.#state.private(namespace, collection, sha256(utf8(key)));
  }

  async release(): Promise<void> {
    await this.#snapshot.close();
  }
}
