/** Private write sets beside what a block states of them by hash. */
import { equalBytes, NO_BYTES, utf8 } from "@wanlian/protocol/bytes.js";
import { sha256 } from "@wanlian/protocol/hash.js";
import { type Block, BlockMetadataIndex } from "@wanlian/protocol/messages/common.js";
import { KVRWSet, type KVWrite, type KVWriteHash, type TxPvtReadWriteSet } from "@wanlian/protocol/messages/rwset.js";
import { TxValidationCode } from "@wanlian/protocol/messages/transaction.js";
import type { CollectionReadWriteSet, NamespaceReadWriteSet } from "@wanlian/protocol/transaction/read-write-set.js";
import type { CollectionName, PrivateSetPlace } from "./keys.js";
import { readEndorsed } from "./stored-transaction.js";

/** A place with what the ledger states of it. */
export interface StatedPlace {
  readonly place: PrivateSetPlace;
  readonly stated: CollectionReadWriteSet;
}

/** What a transaction wrote to one collection: and the plain set, if it is here. */
export interface PrivateSet extends StatedPlace {
  readonly rwset: Uint8Array | undefined;
}

/** Where a valid transaction wrote privately; what it states of collections that it did not write to nobody has validated. */
export function statedPlaces(
  namespaces: readonly NamespaceReadWriteSet[],
  version: Pick<PrivateSetPlace, "block" | "transaction">,
): StatedPlace[] {
  return namespaces.flatMap(({ namespace, collections }) =>
    collections
      .filter(({ hashed }) => hashed.hashedWrites.length > 0 || hashed.metadataWrites.length > 0)
      .map((stated) => ({ place: { namespace, collection: stated.collection, ...version }, stated })),
  );
}

/** The same for the valid transactions of a block that was committed. */
export function statedInBlock(block: Block): Map<bigint, StatedPlace[]> {
  const codes = block.metadata?.metadata[BlockMetadataIndex.TRANSACTIONS_FILTER] ?? NO_BYTES;
  const found = new Map<bigint, StatedPlace[]>();
  for (const [index, bytes] of (block.data?.data ?? []).entries()) {
    if (codes[index] !== TxValidationCode.VALID) continue;
    const version = { block: block.header?.number ?? 0n, transaction: BigInt(index) };
    const places = statedPlaces(readEndorsed(bytes)?.namespaces ?? [], version);
    if (places.length > 0) found.set(version.transaction, places);
  }
  return found;
}

/** The places of a block that sets are said to be of. */
export function namedIn(sets: ReadonlyMap<bigint, TxPvtReadWriteSet>, { header }: Block): PrivateSetPlace[] {
  return [...sets].flatMap(([transaction, { nsPvtRwset }]) =>
    nsPvtRwset.flatMap(({ namespace, collectionPvtRwset }) =>
      collectionPvtRwset.map(({ collectionName: collection }) => {
        return { namespace, collection, block: header?.number ?? 0n, transaction };
      }),
    ),
  );
}

/** What a transaction's private sets hold of one collection. */
export const rwsetOf = (set: TxPvtReadWriteSet | undefined, { namespace, collection }: CollectionName) =>
  set?.nsPvtRwset
    .find((one) => one.namespace === namespace)
    ?.collectionPvtRwset.find(({ collectionName }) => collectionName === collection)?.rwset;

/** Private write sets as they go over the wire. */
export function transactionSet(
  sets: readonly { readonly place: PrivateSetPlace; readonly rwset: Uint8Array }[],
): TxPvtReadWriteSet {
  const nsPvtRwset: TxPvtReadWriteSet["nsPvtRwset"] = [];
  for (const { place, rwset } of sets) {
    let namespace = nsPvtRwset.find((one) => one.namespace === place.namespace);
    if (namespace === undefined) {
      namespace = { namespace: place.namespace, collectionPvtRwset: [] };
      nsPvtRwset.push(namespace);
    }
    namespace.collectionPvtRwset.push({ collectionName: place.collection, rwset });
  }
  return { dataModel: 0, nsPvtRwset };
}

/** Whether a plain write is the one that was stated by its hashes. */
export function isOf({ key, value, isDelete }: KVWrite, hash: KVWriteHash): boolean {
  if (isDelete !== hash.isDelete || !equalBytes(sha256(utf8(key)), hash.keyHash)) return false;
  return isDelete || equalBytes(sha256(value), hash.valueHash);
}

const isAnyOf = (key: string, keyHashes: readonly Uint8Array[]): boolean => {
  const hash = sha256(utf8(key));
  return keyHashes.some((keyHash) => equalBytes(hash, keyHash));
};

/** Whether a set writes one of these keys. */
export const holds = (rwset: Uint8Array, keyHashes: readonly Uint8Array[]): boolean =>
  KVRWSet.decode(rwset).writes.some(({ key }) => isAnyOf(key, keyHashes));

export function withoutKeys(rwset: Uint8Array, keyHashes: readonly Uint8Array[]): Uint8Array {
  const set = KVRWSet.decode(rwset);
  return KVRWSet.encode({ ...set, writes: set.writes.filter(({ key }) => !isAnyOf(key, keyHashes)) });
}
