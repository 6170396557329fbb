import { createHash } from "node:crypto";
import { compareUtf8 } from "@wanlian/protocol/bytes.js";
import {
  HashedRWSet,
  type KVMetadataEntry,
  KVRWSet,
  type RangeQueryInfo,
  type TxPvtReadWriteSet,
  TxReadWriteSet,
  type Version as VersionMessage,
} from "@wanlian/protocol/messages/rwset.js";
import type { Version } from "../../ledger/snapshot.js";

/** A version in the state, absent where the key is. */
export type ReadVersion = Version | undefined;

/** A version as read sets hold it. */
export function versionMessage(version: Version): VersionMessage;
export function versionMessage(version: ReadVersion): VersionMessage | undefined;
export function versionMessage(version: ReadVersion): VersionMessage | undefined {
  return version && { blockNum: version.block, txNum: version.transaction };
}

interface PrivateWrite {
  /** Absent for a delete. */
  readonly value: Uint8Array | undefined;
  readonly purge: boolean;
}

/** What a transaction did in one private collection, by plain key; a key of which only the hash is known is never recorded. */
class CollectionRecord {
  readonly reads = new Map<string, ReadVersion>();
  readonly writes = new Map<string, PrivateWrite>();
  readonly metadata = new Map<string, KVMetadataEntry[]>();
  /** Whether a value was read, not only a hash: then only members of the collection can endorse. */
  valuesRead = false;
}

class NamespaceRecord {
  readonly reads = new Map<string, ReadVersion>();
  readonly ranges = new Map<string, RangeQueryInfo>();
  readonly writes = new Map<string, Uint8Array | undefined>();
  readonly metadata = new Map<string, KVMetadataEntry[]>();
  readonly collections = new Map<string, CollectionRecord>();
}

/** One key that a transaction wrote, or whose metadata it wrote. */
export interface WrittenKey {
  readonly namespace: string;
  /** Empty for the public state. */
  readonly collection: string;
  readonly key: string;
}

/**
 * What a transaction read and wrote, in the one order in which every endorser writes it down: namespaces, collections and keys by
 * their UTF-8 bytes, ranges as they were asked (Fabric's core/ledger/kvledger/txmgmt/rwsetutil/rwset_builder.go).
 */
export class ReadWriteSet {
  readonly #namespaces = new Map<string, NamespaceRecord>();

  read(namespace: string, key: string, version: ReadVersion): void {
    this.#namespace(namespace).reads.set(key, version);
  }

  /** Ranges that ask and answer the same are written once; the first stands. */
  range(namespace: string, range: RangeQueryInfo): void {
    const { ranges } = this.#namespace(namespace);
    const identity = JSON.stringify([range.startKey, range.endKey, range.itrExhausted]);
    if (!ranges.has(identity)) ranges.set(identity, range);
  }

  /** An empty value is a delete, as Fabric has it. */
  write(namespace: string, key: string, value: Uint8Array | undefined): void {
    this.#namespace(namespace).writes.set(key, value);
  }

  /** Replaces all metadata of the key. */
  writeMetadata(namespace: string, key: string, entries: KVMetadataEntry[]): void {
    this.#namespace(namespace).metadata.set(key, entries);
  }

  readPrivate(namespace: string, collection: string, key: string, version: ReadVersion): void {
    const record = this.#collection(namespace, collection);
    record.reads.set(key, version);
    record.valuesRead = true;
  }

  readHash(namespace: string, collection: string, key: string, version: ReadVersion): void {
    this.#collection(namespace, collection).reads.set(key, version);
  }

  writePrivate(namespace: string, collection: string, key: string, value: Uint8Array | undefined): void {
    this.#collection(namespace, collection).writes.set(key, { value, purge: false });
  }

  purgePrivate(namespace: string, collection: string, key: string): void {
    this.#collection(namespace, collection).writes.set(key, { value: undefined, purge: true });
  }

  writePrivateMetadata(namespace: string, collection: string, key: string, entries: KVMetadataEntry[]): void {
    this.#collection(namespace, collection).metadata.set(key, entries);
  }

  /** Namespaces with their collections, in order; the interest of a transaction is made of them. */
  touched(): { namespace: string; collections: { name: string; valuesRead: boolean }[] }[] {
    return sorted(this.#namespaces).map(([namespace, record]) => ({
      namespace,
      collections: sorted(record.collections).map(([name, { valuesRead }]) => ({ name, valuesRead })),
    }));
  }

  /** Every key written, or whose metadata was, once. */
  written(): WrittenKey[] {
    const keys: WrittenKey[] = [];
    for (const [namespace, record] of sorted(this.#namespaces)) {
      for (const key of new Set([...record.writes.keys(), ...record.metadata.keys()])) {
        keys.push({ namespace, collection: "", key });
      }
      for (const [collection, { writes, metadata }] of sorted(record.collections)) {
        for (const key of new Set([...writes.keys(), ...metadata.keys()])) keys.push({ namespace, collection, key });
      }
    }
    return keys;
  }

  /** The bytes that go into the endorsement, and the plain private writes, which go nowhere but to the members of their collections. */
  finish(): { publicBytes: Uint8Array; privateSet: TxPvtReadWriteSet | undefined } {
    const privateSet = this.#privateSet();
    const plain = new Map<string, Uint8Array>();
    for (const { namespace, collectionPvtRwset } of privateSet?.nsPvtRwset ?? []) {
      for (const { collectionName, rwset } of collectionPvtRwset) plain.set(`${namespace}\0${collectionName}`, rwset);
    }
    const nsRwset = sorted(this.#namespaces).map(([namespace, record]) => ({
      namespace,
      rwset: publicPart(record),
      collectionHashedRwset: sorted(record.collections).map(([collectionName, collection]) => {
        const written = plain.get(`${namespace}\0${collectionName}`);
        return { collectionName, hashedRwset: hashedPart(collection), pvtRwsetHash: written && sha256(written) };
      }),
    }));
    return { publicBytes: TxReadWriteSet.encode({ nsRwset }), privateSet };
  }

  #privateSet(): TxPvtReadWriteSet | undefined {
    const nsPvtRwset = [];
    for (const [namespace, record] of sorted(this.#namespaces)) {
      const collectionPvtRwset = sorted(record.collections)
        .filter(([, { writes, metadata }]) => writes.size > 0 || metadata.size > 0)
        .map(([collectionName, collection]) => ({ collectionName, rwset: plainPart(collection) }));
      if (collectionPvtRwset.length > 0) nsPvtRwset.push({ namespace, collectionPvtRwset });
    }
    return nsPvtRwset.length > 0 ? { dataModel: 0, nsPvtRwset } : undefined;
  }

  #namespace(name: string): NamespaceRecord {
    return at(this.#namespaces, name, () => new NamespaceRecord());
  }

  #collection(namespace: string, name: string): CollectionRecord {
    return at(this.#namespace(namespace).collections, name, () => new CollectionRecord());
  }
}

function at<T>(map: Map<string, T>, key: string, make: () => T): T {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

function sorted<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].sort(([a], [b]) => compareUtf8(a, b));
}

const sha256 = (data: Uint8Array | string): Uint8Array => createHash("sha256").update(data).digest();
const hashOf = (key: string): Uint8Array => sha256(key);
const isDelete = (value: Uint8Array | undefined): boolean => value === undefined || value.length === 0;

function publicPart(record: NamespaceRecord): Uint8Array {
  return KVRWSet.encode({
    reads: sorted(record.reads).map(([key, version]) => ({ key, version: versionMessage(version) })),
    rangeQueriesInfo: [...record.ranges.values()],
    writes: sorted(record.writes).map(([key, value]) => ({ key, value, isDelete: isDelete(value) })),
    metadataWrites: sorted(record.metadata).map(([key, entries]) => ({ key, entries })),
  });
}

function hashedPart(record: CollectionRecord): Uint8Array {
  return HashedRWSet.encode({
    hashedReads: sorted(record.reads).map(([key, version]) => ({
      keyHash: hashOf(key),
      version: versionMessage(version),
    })),
    hashedWrites: sorted(record.writes).map(([key, { value, purge }]) => ({
      keyHash: hashOf(key),
      isDelete: isDelete(value),
      valueHash: value === undefined || value.length === 0 ? undefined : sha256(value),
      isPurge: purge,
    })),
    metadataWrites: sorted(record.metadata).map(([key, entries]) => ({ keyHash: hashOf(key), entries })),
  });
}

/** Private metadata stands with the hashes; here its key alone, so that members raise the version of their plain copy. */
function plainPart(record: CollectionRecord): Uint8Array {
  return KVRWSet.encode({
    writes: sorted(record.writes).map(([key, { value }]) => ({ key, value, isDelete: isDelete(value) })),
    metadataWrites: sorted(record.metadata).map(([key]) => ({ key, entries: [] })),
  });
}
