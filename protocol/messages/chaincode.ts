/** Chaincode invocation: peer/chaincode.proto, peer/chaincode_event.proto. */
import {
  bool,
  bytes,
  type Decoded,
  enumeration,
  int32,
  map,
  message,
  nested,
  repeated,
  string,
  uint32,
} from "../codec.js";

export const ChaincodeSpecType = { UNDEFINED: 0, GOLANG: 1, NODE: 2, CAR: 3, JAVA: 4 } as const;

export const ChaincodeID = message({ path: string(1), name: string(2), version: string(3) });
export type ChaincodeID = Decoded<typeof ChaincodeID>;

export const ChaincodeInput = message({
  args: repeated(bytes(1)),
  decorations: map(2, string(1), bytes(2)),
  isInit: bool(3),
});
export type ChaincodeInput = Decoded<typeof ChaincodeInput>;

export const ChaincodeSpec = message({
  type: enumeration(1),
  chaincodeId: nested(2, ChaincodeID),
  input: nested(3, ChaincodeInput),
  timeout: int32(4),
});
export type ChaincodeSpec = Decoded<typeof ChaincodeSpec>;

export const ChaincodeInvocationSpec = message({ chaincodeSpec: nested(1, ChaincodeSpec) });
export type ChaincodeInvocationSpec = Decoded<typeof ChaincodeInvocationSpec>;

export const ChaincodeAdditionalParams = message({
  useWriteBatch: bool(1),
  maxSizeWriteBatch: uint32(2),
  useGetMultipleKeys: bool(3),
  maxSizeGetMultipleKeys: uint32(4),
});
export type ChaincodeAdditionalParams = Decoded<typeof ChaincodeAdditionalParams>;

export const ChaincodeEvent = message({
  chaincodeId: string(1),
  txId: string(2),
  eventName: string(3),
  payload: bytes(4),
});
export type ChaincodeEvent = Decoded<typeof ChaincodeEvent>;
