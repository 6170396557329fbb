import { compareUtf8, text, utf8 } from "@wanlian/protocol/bytes.js";
import { sha256 } from "@wanlian/protocol/hash.js";
import {
  HEIGHT,
  hashedKey,
  privateBounds,
  privateKey,
  readUint64,
  stateBounds,
  stateKey,
  stateKeyName,
} from "./keys.js";
import type { HashedValue, NamedPrivateValue, StateSnapshot, StateValue, Version } from "./snapshot.js";
import type { DatabaseSnapshot, Store } from "./store.js";
import { decodePrivate, decodeState, type PrivateValue } from "./values.js";

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

  private(namespace: string, collection: string, keyHash: Uint8Array): PrivateValue | undefined {
    const bytes = this.#store.get(privateKey(namespace, collection, keyHash), this.#snapshot);
    return bytes === undefined ? undefined : decodePrivate(bytes);
  }

  /** Plain private data stand under hashes, so that a range is found by looking at the whole collection. */
  async privateRange(namespace: string, collection: string, start: string, end: string): Promise<NamedPrivateValue[]> {
    const found: NamedPrivateValue[] = [];
    for await (const [, bytes] of this.#store.range(privateBounds(namespace, collection), this.#options)) {
      const { name, ...rest } = decodePrivate(bytes);
      const key = text(name);
      if (compareUtf8(key, start) >= 0 && (end === "" || compareUtf8(key, end) < 0)) found.push({ key, ...rest });
    }
    return found.sort((one, other) => compareUtf8(one.key, other.key));
  }

  async *range(
    namespace: string,
    start: string,
    end: string,
  ): AsyncIterableIterator<StateValue & { readonly key: string }> {
    for await (const [key, value] of this.#store.range(stateBounds(namespace, start, end), this.#options)) {
      yield { key: text(stateKeyName(namespace, key)), ...decodeState(value) };
    }
  }

  get #options(): { readonly snapshot?: DatabaseSnapshot } {
    return this.#snapshot === undefined ? {} : { snapshot: this.#snapshot };
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

  async *privateRange(
    namespace: string,
    collection: string,
    start: string,
    end: string,
  ): AsyncIterableIterator<NamedPrivateValue> {
    yield* await this.#state.privateRange(namespace, collection, start, end);
  }

  async release(): Promise<void> {
    await this.#snapshot.close();
  }
}
