/** Consensus metadata: orderer/etcdraft/*.proto, orderer/smartbft/configuration.proto. */
import {
  bool,
  bytes,
  type Decoded,
  enumeration,
  message,
  nested,
  repeated,
  repeatedNested,
  string,
  uint32,
  uint64,
} from "../codec.js";

export const Rotation = { ROTATION_UNSPECIFIED: 0, ROTATION_OFF: 1, ROTATION_ON: 2 } as const;

export const RaftConsenter = message({
  host: string(1),
  port: uint32(2),
  clientTlsCert: bytes(3),
  serverTlsCert: bytes(4),
});
export type RaftConsenter = Decoded<typeof RaftConsenter>;

export const SmartBftOptions = message({
  requestBatchMaxCount: uint64(1),
  requestBatchMaxBytes: uint64(2),
  requestBatchMaxInterval: string(3),
  incomingMessageBufferSize: uint64(4),
  requestPoolSize: uint64(5),
  requestForwardTimeout: string(6),
  requestComplainTimeout: string(7),
  requestAutoRemoveTimeout: string(8),
  requestMaxBytes: uint64(9),
  viewChangeResendInterval: string(10),
  viewChangeTimeout: string(11),
  leaderHeartbeatTimeout: string(12),
  leaderHeartbeatCount: uint64(13),
  collectTimeout: string(14),
  syncOnStart: bool(15),
  speedUpViewChange: bool(16),
  leaderRotation: enumeration(17),
  decisionsPerLeader: uint64(18),
});
export type SmartBftOptions = Decoded<typeof SmartBftOptions>;

export const RaftOptions = message({
  tickInterval: string(1),
  electionTick: uint32(2),
  heartbeatTick: uint32(3),
  maxInflightBlocks: uint32(4),
  snapshotIntervalSize: uint32(5),
});
export type RaftOptions = Decoded<typeof RaftOptions>;

/** The metadata of consensus type `etcdraft`; that of `BFT` is SmartBftOptions itself. */
export const RaftConfigMetadata = message({
  consenters: repeatedNested(1, RaftConsenter),
  options: nested(2, RaftOptions),
});
export type RaftConfigMetadata = Decoded<typeof RaftConfigMetadata>;

export const RaftBlockMetadata = message({
  consenterIds: repeated(uint64(1)),
  nextConsenterId: uint64(2),
  raftIndex: uint64(3),
});
export type RaftBlockMetadata = Decoded<typeof RaftBlockMetadata>;

export const RaftClusterMetadata = message({ activeNodes: repeated(uint64(1)) });
export type RaftClusterMetadata = Decoded<typeof RaftClusterMetadata>;
