/**
 * Keys of a channel's database. Every kind has a prefix of one byte; numbers are big-endian, so that order on disk is order in meaning;
 * names are separated by a zero byte, which no namespace or collection that lifecycle accepts can hold.
 */
import { concatBytes, text, utf8 } from "@wanlian/protocol/bytes.js";

const prefix = (letter: string): Uint8Array => utf8(letter);

const Kind = {
  BLOCK: prefix("b"),
  COMMIT_HASH: prefix("c"),
  BLOCK_HASH: prefix("h"),
  HISTORY: prefix("i"),
  META: prefix("m"),
  MISSING: prefix("n"),
  PRIVATE: prefix("p"),
  PRIVATE_SET: prefix("q"),
  STATE: prefix("s"),
  TRANSACTION: prefix("t"),
  SET_EXPIRY: prefix("u"),
  TRANSIENT: prefix("v"),
  HASHED: prefix("x"),
  EXPIRY: prefix("y"),
} as const;

const ZERO = Uint8Array.of(0);

export function uint64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return bytes;
}

export const readUint64 = (bytes: Uint8Array, at = 0): bigint =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(at);

export const blockKey = (number: bigint): Uint8Array => concatBytes(Kind.BLOCK, uint64(number));
/** The number in a block's key; undefined for other keys. */
export const blockOf = (key: Uint8Array): bigint | undefined =>
  key[0] === Kind.BLOCK[0] && key.length === 9 ? readUint64(key, 1) : undefined;
export const commitHashKey = (number: bigint): Uint8Array => concatBytes(Kind.COMMIT_HASH, uint64(number));
export const blockHashKey = (hash: Uint8Array): Uint8Array => concatBytes(Kind.BLOCK_HASH, hash);
export const transactionKey = (txId: string): Uint8Array => concatBytes(Kind.TRANSACTION, utf8(txId));
/** A collection of a chaincode. */
export interface CollectionName {
  readonly namespace: string;
  readonly collection: string;
}

/** What one transaction wrote to one collection. */
export interface PrivateSetPlace extends CollectionName {
  readonly block: bigint;
  readonly transaction: bigint;
}

const collectionPrefix = (kind: Uint8Array, { namespace, collection }: CollectionName): Uint8Array =>
  concatBytes(kind, utf8(namespace), ZERO, utf8(collection), ZERO);

const placeKey = (kind: Uint8Array, place: PrivateSetPlace): Uint8Array =>
  concatBytes(collectionPrefix(kind, place), uint64(place.block), uint64(place.transaction));

/** A private write set as it came. */
export const privateSetKey = (place: PrivateSetPlace): Uint8Array => placeKey(Kind.PRIVATE_SET, place);
/** One that did not come. */
export const missingKey = (place: PrivateSetPlace): Uint8Array => placeKey(Kind.MISSING, place);

/** All private write sets of a collection, or of all: from (inclusive) to (exclusive). */
export const privateSetBounds = (name: CollectionName): [Uint8Array, Uint8Array] =>
  collectionBounds(Kind.PRIVATE_SET, name);
export const allPrivateSetBounds = (): [Uint8Array, Uint8Array] => [Kind.PRIVATE_SET, prefix("r")];
/** All missing ones of a collection, or of all. */
export const missingBounds = (name: CollectionName): [Uint8Array, Uint8Array] => collectionBounds(Kind.MISSING, name);
export const allMissingBounds = (): [Uint8Array, Uint8Array] => [Kind.MISSING, prefix("o")];

const collectionBounds = (kind: Uint8Array, name: CollectionName): [Uint8Array, Uint8Array] => {
  const start = collectionPrefix(kind, name);
  return [start, concatBytes(start, new Uint8Array(17).fill(0xff))];
};

/** What a key of a private write set, or of a missing one, is about. */
export function placeOf(bytes: Uint8Array): PrivateSetPlace {
  const numbers = bytes.length - 16;
  const [namespace = "", collection = ""] = text(bytes.subarray(1, numbers - 1)).split("\u0000");
  return { namespace, collection, block: readUint64(bytes, numbers), transaction: readUint64(bytes, numbers + 8) };
}

/** Private write sets by the block at which they end. */
export const setExpiryKey = (end: bigint, place: PrivateSetPlace): Uint8Array =>
  placeKey(concatBytes(Kind.SET_EXPIRY, uint64(end)), place);

export const setExpiryBounds = (end: bigint): [Uint8Array, Uint8Array] => [
  concatBytes(Kind.SET_EXPIRY, uint64(end)),
  concatBytes(Kind.SET_EXPIRY, uint64(end + 1n)),
];

/** Which private write set ends there. */
export const expiringSet = (bytes: Uint8Array): PrivateSetPlace => placeOf(bytes.subarray(8));

/** Number of blocks. */
export const HEIGHT = concatBytes(Kind.META, utf8("height"));
/** Number of the block with the configuration in force. */
export const CONFIG_BLOCK = concatBytes(Kind.META, utf8("config"));

/** Where a transaction's private writes to one collection wait, by their hash: what others send cannot displace what is true. */
export const transientKey = (txId: string, { namespace, collection }: CollectionName, hash: Uint8Array): Uint8Array =>
  concatBytes(transientPrefix(txId), utf8(namespace), ZERO, utf8(collection), ZERO, hash);

const transientPrefix = (txId: string): Uint8Array => concatBytes(Kind.TRANSIENT, utf8(txId), ZERO);

/** All transient data of a transaction: from (inclusive) to (exclusive). */
export const transientBoundsOf = (txId: string): [Uint8Array, Uint8Array] => [
  transientPrefix(txId),
  concatBytes(Kind.TRANSIENT, utf8(txId), Uint8Array.of(1)),
];

/** All keys of transient data: from (inclusive) to (exclusive). */
export const transientBounds = (): [Uint8Array, Uint8Array] => [Kind.TRANSIENT, prefix("w")];

export const stateKey = (namespace: string, key: string): Uint8Array =>
  concatBytes(Kind.STATE, utf8(namespace), ZERO, utf8(key));

/** The key's name in a state key of that namespace. */
export const stateKeyName = (namespace: string, bytes: Uint8Array): Uint8Array =>
  bytes.subarray(Kind.STATE.length + utf8(namespace).length + ZERO.length);

/** Bounds of the keys in [start, end) of a namespace; an empty end is open. */
export function stateBounds(namespace: string, start: string, end: string): [Uint8Array, Uint8Array] {
  const last = end === "" ? concatBytes(Kind.STATE, utf8(namespace), Uint8Array.of(1)) : stateKey(namespace, end);
  return [stateKey(namespace, start), last];
}

export const hashedKey = (namespace: string, collection: string, keyHash: Uint8Array): Uint8Array =>
  concatBytes(Kind.HASHED, utf8(namespace), ZERO, utf8(collection), ZERO, keyHash);

/** Plain private data stand under the hash of their key too, so that whoever knows but the hash can delete them. */
export const privateKey = (namespace: string, collection: string, keyHash: Uint8Array): Uint8Array =>
  concatBytes(Kind.PRIVATE, utf8(namespace), ZERO, utf8(collection), ZERO, keyHash);

/** All plain private data of all collections: from (inclusive) to (exclusive). */
export const allPrivateBounds = (): [Uint8Array, Uint8Array] => [Kind.PRIVATE, prefix("q")];

/** Every key there is. */
export const EVERYTHING: readonly [Uint8Array, Uint8Array] = [prefix("a"), prefix("z")];

/** All plain keys of a collection: from (inclusive) to (exclusive). */
export const privateBounds = (namespace: string, collection: string): [Uint8Array, Uint8Array] => {
  const name = concatBytes(Kind.PRIVATE, utf8(namespace), ZERO, utf8(collection));
  return [concatBytes(name, ZERO), concatBytes(name, Uint8Array.of(1))];
};

/** An entry a write: oldest first. The key's length stands before it, since it may hold any bytes. */
export const historyKey = (namespace: string, key: string, block: bigint, transaction: bigint): Uint8Array =>
  concatBytes(historyPrefix(namespace, key), uint64(block), uint64(transaction));

export function historyBounds(namespace: string, key: string): [Uint8Array, Uint8Array] {
  const start = historyPrefix(namespace, key);
  return [start, concatBytes(start, new Uint8Array(17).fill(0xff))];
}

function historyPrefix(namespace: string, key: string): Uint8Array {
  const name = utf8(key);
  return concatBytes(Kind.HISTORY, utf8(namespace), ZERO, uint64(BigInt(name.length)), name);
}

/** Where a history key points: its last sixteen bytes. */
export const historyPosition = (bytes: Uint8Array): { block: bigint; transaction: bigint } => ({
  block: readUint64(bytes, bytes.length - 16),
  transaction: readUint64(bytes, bytes.length - 8),
});

/** Private keys by the block at which they end. */
export const expiryKey = (block: bigint, namespace: string, collection: string, keyHash: Uint8Array): Uint8Array =>
  concatBytes(Kind.EXPIRY, uint64(block), utf8(namespace), ZERO, utf8(collection), ZERO, keyHash);

export const expiryBounds = (block: bigint): [Uint8Array, Uint8Array] => [
  concatBytes(Kind.EXPIRY, uint64(block)),
  concatBytes(Kind.EXPIRY, uint64(block + 1n)),
];

/** What an expiry key is about. */
export function expiringKey(bytes: Uint8Array): { namespace: string; collection: string; keyHash: Uint8Array } {
  const rest = bytes.subarray(9);
  const first = rest.indexOf(0);
  const second = rest.indexOf(0, first + 1);
  return {
    namespace: text(rest.subarray(0, first)),
    collection: text(rest.subarray(first + 1, second)),
    keyHash: rest.subarray(second + 1),
  };
}
