/** What discovery shows of peers, and how private data reach them (only these messages of gossip are used): gossip/message.proto. */
import {
  bool,
  bytes,
  type Decoded,
  enumeration,
  message,
  nested,
  oneof,
  repeatedNested,
  string,
  uint64,
} from "../codec.js";
import { CollectionConfigPackage } from "./collections.js";

export const SecretEnvelope = message({ payload: bytes(1), signature: bytes(2) });
export type SecretEnvelope = Decoded<typeof SecretEnvelope>;

export const GossipEnvelope = message({
  payload: bytes(1),
  signature: bytes(2),
  secretEnvelope: nested(3, SecretEnvelope),
});
export type GossipEnvelope = Decoded<typeof GossipEnvelope>;

export const Secret = message({ ...oneof({ internalEndpoint: string(1) }) });
export type Secret = Decoded<typeof Secret>;

export const PeerTime = message({ incNum: uint64(1), seqNum: uint64(2) });
export type PeerTime = Decoded<typeof PeerTime>;

export const GossipChaincode = message({ name: string(1), version: string(2), metadata: bytes(3) });
export type GossipChaincode = Decoded<typeof GossipChaincode>;

export const Properties = message({
  ledgerHeight: uint64(1),
  leftChannel: bool(2),
  chaincodes: repeatedNested(3, GossipChaincode),
});
export type Properties = Decoded<typeof Properties>;

export const StateInfo = message({
  timestamp: nested(2, PeerTime),
  pkiId: bytes(3),
  channelMAC: bytes(4),
  properties: nested(5, Properties),
});
export type StateInfo = Decoded<typeof StateInfo>;

export const Member = message({ endpoint: string(1), metadata: bytes(2), pkiId: bytes(3) });
export type Member = Decoded<typeof Member>;

export const AliveMessage = message({
  membership: nested(1, Member),
  timestamp: nested(2, PeerTime),
  identity: bytes(4),
});
export type AliveMessage = Decoded<typeof AliveMessage>;

/** Who opens a stream. */
export const ConnEstablish = message({ pkiId: bytes(1), identity: bytes(2), tlsCertHash: bytes(3), probe: bool(4) });
export type ConnEstablish = Decoded<typeof ConnEstablish>;

/** A message has arrived; or why it was not taken. */
export const Acknowledgement = message({ error: string(1) });
export type Acknowledgement = Decoded<typeof Acknowledgement>;

/** What a transaction, not yet ordered, writes to one collection. */
export const PrivatePayload = message({
  collectionName: string(1),
  namespace: string(2),
  txId: string(3),
  privateRwset: bytes(4),
  privateSimHeight: uint64(5),
  collectionConfigs: nested(6, CollectionConfigPackage),
});
export type PrivatePayload = Decoded<typeof PrivatePayload>;

export const PrivateDataMessage = message({ payload: nested(1, PrivatePayload) });
export type PrivateDataMessage = Decoded<typeof PrivateDataMessage>;

/** Which kinds of receivers a gossip message is for, as far as the messages used here need it. */
export const GossipTag = { EMPTY: 1, CHAN_ONLY: 3, CHAN_OR_ORG: 5 } as const;

/** The gossip messages that are used; the others are left as unknown fields. */
export const GossipMessage = message({
  nonce: uint64(1),
  channel: bytes(2),
  tag: enumeration(3),
  ...oneof({
    aliveMsg: nested(5, AliveMessage),
    conn: nested(14, ConnEstablish),
    stateInfo: nested(15, StateInfo),
    ack: nested(22, Acknowledgement),
    privateData: nested(25, PrivateDataMessage),
  }),
});
export type GossipMessage = Decoded<typeof GossipMessage>;
