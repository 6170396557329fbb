import { HashedRWSet, KVRWSet, TxReadWriteSet } from "../messages/rwset.js";

/** What a transaction read and wrote in one private collection: hashes. */
export interface CollectionReadWriteSet {
  readonly collection: string;
  readonly hashed: HashedRWSet;
  /** Hash of the plain private write set. */
  readonly privateHash: Uint8Array;
}

/** What a transaction read and wrote in one namespace. */
export interface NamespaceReadWriteSet {
  readonly namespace: string;
  readonly kv: KVRWSet;
  readonly collections: readonly CollectionReadWriteSet[];
}

/** @throws ProtocolError MALFORMED */
export function decodeReadWriteSet(bytes: Uint8Array): NamespaceReadWriteSet[] {
  return TxReadWriteSet.decode(bytes).nsRwset.map(({ namespace, rwset, collectionHashedRwset }) => ({
    namespace,
    kv: KVRWSet.decode(rwset),
    collections: collectionHashedRwset.map(({ collectionName, hashedRwset, pvtRwsetHash }) => ({
      collection: collectionName,
      hashed: HashedRWSet.decode(hashedRwset),
      privateHash: pvtRwsetHash,
    })),
  }));
}

/** Whether anything is written there: values or metadata, public or private. */
export const writes = ({ kv, collections }: NamespaceReadWriteSet): boolean =>
  kv.writes.length > 0 ||
  kv.metadataWrites.length > 0 ||
  collections.some(({ hashed }) => hashed.hashedWrites.length > 0 || hashed.metadataWrites.length > 0);
