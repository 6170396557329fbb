/** The dialogue between a peer and a chaincode: peer/chaincode_shim.proto, ledger/queryresult/kv_query_result.proto. */
import {
  bool,
  bytes,
  type Decoded,
  enumeration,
  int32,
  message,
  nested,
  repeated,
  repeatedNested,
  string,
} from "../codec.js";
import { ChaincodeEvent } from "./chaincode.js";
import { SignedProposal } from "./proposal.js";
import { Timestamp } from "./wellknown.js";

export const ChaincodeMessageType = {
  UNDEFINED: 0,
  REGISTER: 1,
  REGISTERED: 2,
  INIT: 3,
  READY: 4,
  TRANSACTION: 5,
  COMPLETED: 6,
  ERROR: 7,
  GET_STATE: 8,
  PUT_STATE: 9,
  DEL_STATE: 10,
  INVOKE_CHAINCODE: 11,
  RESPONSE: 13,
  GET_STATE_BY_RANGE: 14,
  GET_QUERY_RESULT: 15,
  QUERY_STATE_NEXT: 16,
  QUERY_STATE_CLOSE: 17,
  KEEPALIVE: 18,
  GET_HISTORY_FOR_KEY: 19,
  GET_STATE_METADATA: 20,
  PUT_STATE_METADATA: 21,
  GET_PRIVATE_DATA_HASH: 22,
  PURGE_PRIVATE_DATA: 23,
  WRITE_BATCH_STATE: 24,
  GET_STATE_MULTIPLE: 25,
} as const;

export const WriteRecordType = {
  UNDEFINED: 0,
  PUT_STATE: 9,
  DEL_STATE: 10,
  PUT_STATE_METADATA: 21,
  PURGE_PRIVATE_DATA: 23,
} as const;

export const ChaincodeMessage = message({
  type: enumeration(1),
  timestamp: nested(2, Timestamp),
  payload: bytes(3),
  txid: string(4),
  proposal: nested(5, SignedProposal),
  chaincodeEvent: nested(6, ChaincodeEvent),
  channelId: string(7),
});
export type ChaincodeMessage = Decoded<typeof ChaincodeMessage>;

export const GetState = message({ key: string(1), collection: string(2) });
export type GetState = Decoded<typeof GetState>;

export const GetStateMetadata = message({ key: string(1), collection: string(2) });
export type GetStateMetadata = Decoded<typeof GetStateMetadata>;

export const GetStateMultiple = message({ keys: repeated(string(1)), collection: string(2) });
export type GetStateMultiple = Decoded<typeof GetStateMultiple>;

export const GetStateMultipleResult = message({ values: repeated(bytes(1)) });
export type GetStateMultipleResult = Decoded<typeof GetStateMultipleResult>;

export const PutState = message({ key: string(1), value: bytes(2), collection: string(3) });
export type PutState = Decoded<typeof PutState>;

export const StateMetadata = message({ metakey: string(1), value: bytes(2) });
export type StateMetadata = Decoded<typeof StateMetadata>;

export const PutStateMetadata = message({ key: string(1), collection: string(3), metadata: nested(4, StateMetadata) });
export type PutStateMetadata = Decoded<typeof PutStateMetadata>;

export const WriteRecord = message({
  key: string(1),
  value: bytes(2),
  collection: string(3),
  metadata: nested(4, StateMetadata),
  type: enumeration(5),
});
export type WriteRecord = Decoded<typeof WriteRecord>;

export const WriteBatchState = message({ rec: repeatedNested(1, WriteRecord) });
export type WriteBatchState = Decoded<typeof WriteBatchState>;

export const DelState = message({ key: string(1), collection: string(2) });
export type DelState = Decoded<typeof DelState>;

export const PurgePrivateState = message({ key: string(1), collection: string(2) });
export type PurgePrivateState = Decoded<typeof PurgePrivateState>;

export const GetStateByRange = message({
  startKey: string(1),
  endKey: string(2),
  collection: string(3),
  metadata: bytes(4),
});
export type GetStateByRange = Decoded<typeof GetStateByRange>;

export const GetQueryResult = message({ query: string(1), collection: string(2), metadata: bytes(3) });
export type GetQueryResult = Decoded<typeof GetQueryResult>;

export const QueryMetadata = message({ pageSize: int32(1), bookmark: string(2) });
export type QueryMetadata = Decoded<typeof QueryMetadata>;

export const GetHistoryForKey = message({ key: string(1) });
export type GetHistoryForKey = Decoded<typeof GetHistoryForKey>;

export const QueryStateNext = message({ id: string(1) });
export type QueryStateNext = Decoded<typeof QueryStateNext>;

export const QueryStateClose = message({ id: string(1) });
export type QueryStateClose = Decoded<typeof QueryStateClose>;

export const QueryResultBytes = message({ resultBytes: bytes(1) });
export type QueryResultBytes = Decoded<typeof QueryResultBytes>;

export const QueryResponse = message({
  results: repeatedNested(1, QueryResultBytes),
  hasMore: bool(2),
  id: string(3),
  metadata: bytes(4),
});
export type QueryResponse = Decoded<typeof QueryResponse>;

export const QueryResponseMetadata = message({ fetchedRecordsCount: int32(1), bookmark: string(2) });
export type QueryResponseMetadata = Decoded<typeof QueryResponseMetadata>;

export const StateMetadataResult = message({ entries: repeatedNested(1, StateMetadata) });
export type StateMetadataResult = Decoded<typeof StateMetadataResult>;

export const KV = message({ namespace: string(1), key: string(2), value: bytes(3) });
export type KV = Decoded<typeof KV>;

export const KeyModification = message({
  txId: string(1),
  value: bytes(2),
  timestamp: nested(3, Timestamp),
  isDelete: bool(4),
});
export type KeyModification = Decoded<typeof KeyModification>;
