/**
 * Channel configuration and its values: common/configtx.proto, common/configuration.proto, orderer/configuration.proto,
 * peer/configuration.proto.
 */
import {
  bytes,
  type Decoded,
  enumeration,
  int32,
  type Message,
  type MessageType,
  map,
  mapNested,
  message,
  nested,
  repeated,
  repeatedNested,
  string,
  uint32,
  uint64,
} from "../codec.js";
import { Envelope } from "./common.js";
import { Policy } from "./policies.js";

export const ConsensusTypeState = { STATE_NORMAL: 0, STATE_MAINTENANCE: 1 } as const;

export const ConfigValue = message({ version: uint64(1), value: bytes(2), modPolicy: string(3) });
export type ConfigValue = Decoded<typeof ConfigValue>;

export const ConfigPolicy = message({ version: uint64(1), policy: nested(2, Policy), modPolicy: string(3) });
export type ConfigPolicy = Decoded<typeof ConfigPolicy>;

export interface ConfigGroup extends Message {
  version: bigint;
  groups: Map<string, ConfigGroup>;
  values: Map<string, ConfigValue>;
  policies: Map<string, ConfigPolicy>;
  modPolicy: string;
}
export const ConfigGroup: MessageType<ConfigGroup> = message<ConfigGroup>({
  version: uint64(1),
  groups: mapNested(2, string(1), () => ConfigGroup),
  values: mapNested(3, string(1), () => ConfigValue),
  policies: mapNested(4, string(1), () => ConfigPolicy),
  modPolicy: string(5),
});

export const Config = message({ sequence: uint64(1), channelGroup: nested(2, ConfigGroup) });
export type Config = Decoded<typeof Config>;

export const ConfigEnvelope = message({ config: nested(1, Config), lastUpdate: nested(2, Envelope) });
export type ConfigEnvelope = Decoded<typeof ConfigEnvelope>;

export const ConfigSignature = message({ signatureHeader: bytes(1), signature: bytes(2) });
export type ConfigSignature = Decoded<typeof ConfigSignature>;

export const ConfigUpdateEnvelope = message({ configUpdate: bytes(1), signatures: repeatedNested(2, ConfigSignature) });
export type ConfigUpdateEnvelope = Decoded<typeof ConfigUpdateEnvelope>;

export const ConfigUpdate = message({
  channelId: string(1),
  readSet: nested(2, ConfigGroup),
  writeSet: nested(3, ConfigGroup),
  isolatedData: map(5, string(1), bytes(2)),
});
export type ConfigUpdate = Decoded<typeof ConfigUpdate>;

export const HashingAlgorithm = message({ name: string(1) });
export type HashingAlgorithm = Decoded<typeof HashingAlgorithm>;

export const BlockDataHashingStructure = message({ width: uint32(1) });
export type BlockDataHashingStructure = Decoded<typeof BlockDataHashingStructure>;

export const OrdererAddresses = message({ addresses: repeated(string(1)) });
export type OrdererAddresses = Decoded<typeof OrdererAddresses>;

export const Consenter = message({
  id: uint32(1),
  host: string(2),
  port: uint32(3),
  mspId: string(4),
  identity: bytes(5),
  clientTlsCert: bytes(6),
  serverTlsCert: bytes(7),
});
export type Consenter = Decoded<typeof Consenter>;

export const Orderers = message({ consenterMapping: repeatedNested(1, Consenter) });
export type Orderers = Decoded<typeof Orderers>;

export const Consortium = message({ name: string(1) });
export type Consortium = Decoded<typeof Consortium>;

export const Capability = message({});
export type Capability = Decoded<typeof Capability>;

export const Capabilities = message({ capabilities: mapNested(1, string(1), () => Capability) });
export type Capabilities = Decoded<typeof Capabilities>;

export const ConsensusType = message({ type: string(1), metadata: bytes(2), state: enumeration(3) });
export type ConsensusType = Decoded<typeof ConsensusType>;

export const BatchSize = message({
  maxMessageCount: uint32(1),
  absoluteMaxBytes: uint32(2),
  preferredMaxBytes: uint32(3),
});
export type BatchSize = Decoded<typeof BatchSize>;

export const BatchTimeout = message({ timeout: string(1) });
export type BatchTimeout = Decoded<typeof BatchTimeout>;

export const AnchorPeer = message({ host: string(1), port: int32(2) });
export type AnchorPeer = Decoded<typeof AnchorPeer>;

export const AnchorPeers = message({ anchorPeers: repeatedNested(1, AnchorPeer) });
export type AnchorPeers = Decoded<typeof AnchorPeers>;

export const APIResource = message({ policyRef: string(1) });
export type APIResource = Decoded<typeof APIResource>;

export const ACLs = message({ acls: mapNested(1, string(1), () => APIResource) });
export type ACLs = Decoded<typeof ACLs>;
