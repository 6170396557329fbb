/** Read-write sets: ledger/rwset/rwset.proto, ledger/rwset/kvrwset/kv_rwset.proto. */
import {
  bool,
  bytes,
  type Decoded,
  enumeration,
  message,
  nested,
  oneof,
  repeated,
  repeatedNested,
  string,
  uint32,
  uint64,
} from "../codec.js";

export const DataModel = { KV: 0 } as const;

export const CollectionHashedReadWriteSet = message({
  collectionName: string(1),
  hashedRwset: bytes(2),
  pvtRwsetHash: bytes(3),
});
export type CollectionHashedReadWriteSet = Decoded<typeof CollectionHashedReadWriteSet>;

export const NsReadWriteSet = message({
  namespace: string(1),
  rwset: bytes(2),
  collectionHashedRwset: repeatedNested(3, CollectionHashedReadWriteSet),
});
export type NsReadWriteSet = Decoded<typeof NsReadWriteSet>;

export const TxReadWriteSet = message({ dataModel: enumeration(1), nsRwset: repeatedNested(2, NsReadWriteSet) });
export type TxReadWriteSet = Decoded<typeof TxReadWriteSet>;

export const CollectionPvtReadWriteSet = message({ collectionName: string(1), rwset: bytes(2) });
export type CollectionPvtReadWriteSet = Decoded<typeof CollectionPvtReadWriteSet>;

export const NsPvtReadWriteSet = message({
  namespace: string(1),
  collectionPvtRwset: repeatedNested(2, CollectionPvtReadWriteSet),
});
export type NsPvtReadWriteSet = Decoded<typeof NsPvtReadWriteSet>;

export const TxPvtReadWriteSet = message({
  dataModel: enumeration(1),
  nsPvtRwset: repeatedNested(2, NsPvtReadWriteSet),
});
export type TxPvtReadWriteSet = Decoded<typeof TxPvtReadWriteSet>;

export const Version = message({ blockNum: uint64(1), txNum: uint64(2) });
export type Version = Decoded<typeof Version>;

export const KVRead = message({ key: string(1), version: nested(2, Version) });
export type KVRead = Decoded<typeof KVRead>;

export const QueryReads = message({ kvReads: repeatedNested(1, KVRead) });
export type QueryReads = Decoded<typeof QueryReads>;

export const QueryReadsMerkleSummary = message({
  maxDegree: uint32(1),
  maxLevel: uint32(2),
  maxLevelHashes: repeated(bytes(3)),
});
export type QueryReadsMerkleSummary = Decoded<typeof QueryReadsMerkleSummary>;

export const RangeQueryInfo = message({
  startKey: string(1),
  endKey: string(2),
  itrExhausted: bool(3),
  ...oneof({ rawReads: nested(4, QueryReads), readsMerkleHashes: nested(5, QueryReadsMerkleSummary) }),
});
export type RangeQueryInfo = Decoded<typeof RangeQueryInfo>;

export const KVWrite = message({ key: string(1), isDelete: bool(2), value: bytes(3) });
export type KVWrite = Decoded<typeof KVWrite>;

export const KVMetadataEntry = message({ name: string(1), value: bytes(2) });
export type KVMetadataEntry = Decoded<typeof KVMetadataEntry>;

export const KVMetadataWrite = message({ key: string(1), entries: repeatedNested(2, KVMetadataEntry) });
export type KVMetadataWrite = Decoded<typeof KVMetadataWrite>;

export const KVRWSet = message({
  reads: repeatedNested(1, KVRead),
  rangeQueriesInfo: repeatedNested(2, RangeQueryInfo),
  writes: repeatedNested(3, KVWrite),
  metadataWrites: repeatedNested(4, KVMetadataWrite),
});
export type KVRWSet = Decoded<typeof KVRWSet>;

export const KVReadHash = message({ keyHash: bytes(1), version: nested(2, Version) });
export type KVReadHash = Decoded<typeof KVReadHash>;

export const KVWriteHash = message({ keyHash: bytes(1), isDelete: bool(2), valueHash: bytes(3), isPurge: bool(4) });
export type KVWriteHash = Decoded<typeof KVWriteHash>;

export const KVMetadataWriteHash = message({ keyHash: bytes(1), entries: repeatedNested(2, KVMetadataEntry) });
export type KVMetadataWriteHash = Decoded<typeof KVMetadataWriteHash>;

export const HashedRWSet = message({
  hashedReads: repeatedNested(1, KVReadHash),
  hashedWrites: repeatedNested(2, KVWriteHash),
  metadataWrites: repeatedNested(3, KVMetadataWriteHash),
});
export type HashedRWSet = Decoded<typeof HashedRWSet>;
