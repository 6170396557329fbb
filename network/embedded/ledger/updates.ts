/** What the valid transactions of one block do to the state (Fabric's txmgmt/validation, tx_ops.go). */
import { equalBytes, NO_BYTES, toHex } from "@wanlian/protocol/bytes.js";
import { sha256 } from "@wanlian/protocol/hash.js";
import type { KVMetadataEntry } from "@wanlian/protocol/messages/rwset.js";
import type { NamespaceReadWriteSet } from "@wanlian/protocol/transaction/read-write-set.js";
import type { Version } from "./snapshot.js";
import type { CommittedState } from "./state.js";
import { metadataMap } from "./values.js";

/** A key's new value; an undefined value deletes. */
export interface Update {
  readonly value: Uint8Array | undefined;
  readonly metadata: ReadonlyMap<string, Uint8Array>;
  readonly version: Version;
}

/** A public key, or, with a collection, a private key by the bytes of its hash. */
interface Target {
  readonly namespace: string;
  readonly collection: string;
  /** The key; of a private one the hex of its hash. */
  readonly key: string;
}

const NO_METADATA: ReadonlyMap<string, Uint8Array> = new Map();
const HASH_OF_NOTHING = sha256(NO_BYTES);

/** What a transaction does to a key adds up, and Fabric decides by these bits of the sum: doing a thing twice makes another number. */
const Flag = { WRITE: 1, METADATA: 2, METADATA_CLEARED: 4, DELETE: 8 } as const;

interface Operation {
  readonly target: Target;
  flags: number;
  value: Uint8Array;
  metadata: ReadonlyMap<string, Uint8Array>;
}

/** Updates of one block, growing transaction by transaction. */
export class BlockUpdates {
  /** By namespace and key. */
  readonly public = new Map<string, Map<string, Update>>();
  /** By namespace, collection and hex of the key's hash. */
  readonly hashed = new Map<string, Map<string, Map<string, Update>>>();
  readonly #state: CommittedState;

  constructor(state: CommittedState) {
    this.#state = state;
  }

  get(namespace: string, key: string): Update | undefined {
    return this.public.get(namespace)?.get(key);
  }

  getHashed(namespace: string, collection: string, keyHash: Uint8Array): Update | undefined {
    return this.hashed.get(namespace)?.get(collection)?.get(toHex(keyHash));
  }

  /** Takes up what a valid transaction writes. */
  apply(namespaces: readonly NamespaceReadWriteSet[], version: Version): void {
    const operations = collect(namespaces);
    const updates = operations.map((operation) => ({ operation, update: this.#resolve(operation, version) }));
    for (const { operation, update } of updates) {
      if (update !== undefined) this.#put(operation.target, update);
    }
  }

  #resolve({ target, flags, value, metadata }: Operation, version: Version): Update | undefined {
    if ((flags & Flag.DELETE) !== 0) return { value: undefined, metadata: NO_METADATA, version };
    if ((flags & Flag.WRITE) !== 0 && (flags & (Flag.METADATA | Flag.METADATA_CLEARED)) !== 0) {
      return { value, metadata, version };
    }
    const latest = this.#latest(target);
    if ((flags | Flag.WRITE) === Flag.WRITE) return { value, metadata: latest?.metadata ?? NO_METADATA, version };
    return latest?.value === undefined ? undefined : { value: latest.value, metadata, version };
  }

  #latest({ namespace, collection, key }: Target): Pick<Update, "value" | "metadata"> | undefined {
    if (collection === "") return this.get(namespace, key) ?? this.#state.get(namespace, key);
    const keyHash = Buffer.from(key, "hex");
    const update = this.getHashed(namespace, collection, keyHash);
    if (update !== undefined) return update;
    const committed = this.#state.hashed(namespace, collection, keyHash);
    return committed && { value: committed.valueHash, metadata: committed.metadata };
  }

  #put({ namespace, collection, key }: Target, update: Update): void {
    if (collection === "") {
      entry(this.public, namespace, () => new Map()).set(key, update);
      return;
    }
    const collections = entry(this.hashed, namespace, () => new Map());
    entry(collections, collection, () => new Map()).set(key, update);
  }
}

function collect(namespaces: readonly NamespaceReadWriteSet[]): Operation[] {
  const operations = new Map<string, Operation>();
  const on = (namespace: string, collection: string, key: string): Operation =>
    entry(operations, `${namespace}\u0000${collection}\u0000${key}`, () => ({
      target: { namespace, collection, key },
      flags: 0,
      value: NO_BYTES,
      metadata: NO_METADATA,
    }));
  for (const { namespace, kv, collections } of namespaces) {
    for (const { key, isDelete, value } of kv.writes) write(on(namespace, "", key), value, isDelete);
    for (const { key, entries } of kv.metadataWrites) setMetadata(on(namespace, "", key), entries);
    for (const { collection, hashed } of collections) {
      for (const { keyHash, isDelete, valueHash } of hashed.hashedWrites) {
        const deleted = isDelete || equalBytes(valueHash, HASH_OF_NOTHING);
        write(on(namespace, collection, toHex(keyHash)), valueHash, deleted);
      }
      for (const { keyHash, entries } of hashed.metadataWrites) {
        setMetadata(on(namespace, collection, toHex(keyHash)), entries);
      }
    }
  }
  return [...operations.values()];
}

/** Fabric counts in a byte. */
const add = (operation: Operation, flag: number): void => {
  operation.flags = (operation.flags + flag) & 0xff;
};

function write(operation: Operation, value: Uint8Array, isDelete: boolean): void {
  if (isDelete || value.length === 0) {
    add(operation, Flag.DELETE);
    return;
  }
  add(operation, Flag.WRITE);
  operation.value = value;
}

function setMetadata(operation: Operation, entries: readonly KVMetadataEntry[]): void {
  if (entries.length === 0) {
    add(operation, Flag.METADATA_CLEARED);
    return;
  }
  add(operation, Flag.METADATA);
  operation.metadata = metadataMap(entries);
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
