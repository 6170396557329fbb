/** The discovery service: discovery/protocol.proto. */
import {
  bytes,
  type Decoded,
  map,
  mapNested,
  message,
  nested,
  oneof,
  repeatedNested,
  string,
  uint32,
} from "../codec.js";
import { GossipEnvelope } from "./gossip.js";
import { FabricMSPConfig } from "./msp.js";
import { ChaincodeInterest } from "./proposal.js";

export const SignedRequest = message({ payload: bytes(1), signature: bytes(2) });
export type SignedRequest = Decoded<typeof SignedRequest>;

export const AuthInfo = message({ clientIdentity: bytes(1), clientTlsCertHash: bytes(2) });
export type AuthInfo = Decoded<typeof AuthInfo>;

export const ConfigQuery = message({});
export type ConfigQuery = Decoded<typeof ConfigQuery>;

export const PeerMembershipQuery = message({ filter: nested(1, ChaincodeInterest) });
export type PeerMembershipQuery = Decoded<typeof PeerMembershipQuery>;

export const ChaincodeQuery = message({ interests: repeatedNested(1, ChaincodeInterest) });
export type ChaincodeQuery = Decoded<typeof ChaincodeQuery>;

export const LocalPeerQuery = message({});
export type LocalPeerQuery = Decoded<typeof LocalPeerQuery>;

export const DiscoveryQuery = message({
  channel: string(1),
  ...oneof({
    configQuery: nested(2, ConfigQuery),
    peerQuery: nested(3, PeerMembershipQuery),
    ccQuery: nested(4, ChaincodeQuery),
    localPeers: nested(5, LocalPeerQuery),
  }),
});
export type DiscoveryQuery = Decoded<typeof DiscoveryQuery>;

export const DiscoveryRequest = message({
  authentication: nested(1, AuthInfo),
  queries: repeatedNested(2, DiscoveryQuery),
});
export type DiscoveryRequest = Decoded<typeof DiscoveryRequest>;

export const DiscoveryError = message({ content: string(1) });
export type DiscoveryError = Decoded<typeof DiscoveryError>;

export const Endpoint = message({ host: string(1), port: uint32(2) });
export type Endpoint = Decoded<typeof Endpoint>;

export const Endpoints = message({ endpoint: repeatedNested(1, Endpoint) });
export type Endpoints = Decoded<typeof Endpoints>;

export const ConfigResult = message({
  msps: mapNested(1, string(1), () => FabricMSPConfig),
  orderers: mapNested(2, string(1), () => Endpoints),
});
export type ConfigResult = Decoded<typeof ConfigResult>;

export const DiscoveredPeer = message({
  stateInfo: nested(1, GossipEnvelope),
  membershipInfo: nested(2, GossipEnvelope),
  identity: bytes(3),
});
export type DiscoveredPeer = Decoded<typeof DiscoveredPeer>;

export const DiscoveredPeers = message({ peers: repeatedNested(1, DiscoveredPeer) });
export type DiscoveredPeers = Decoded<typeof DiscoveredPeers>;

export const Layout = message({ quantitiesByGroup: map(1, string(1), uint32(2)) });
export type Layout = Decoded<typeof Layout>;

export const EndorsementDescriptor = message({
  chaincode: string(1),
  endorsersByGroups: mapNested(2, string(1), () => DiscoveredPeers),
  layouts: repeatedNested(3, Layout),
});
export type EndorsementDescriptor = Decoded<typeof EndorsementDescriptor>;

export const ChaincodeQueryResult = message({ content: repeatedNested(1, EndorsementDescriptor) });
export type ChaincodeQueryResult = Decoded<typeof ChaincodeQueryResult>;

export const PeerMembershipResult = message({ peersByOrg: mapNested(1, string(1), () => DiscoveredPeers) });
export type PeerMembershipResult = Decoded<typeof PeerMembershipResult>;

export const QueryResult = message({
  ...oneof({
    error: nested(1, DiscoveryError),
    configResult: nested(2, ConfigResult),
    ccQueryRes: nested(3, ChaincodeQueryResult),
    members: nested(4, PeerMembershipResult),
  }),
});
export type QueryResult = Decoded<typeof QueryResult>;

export const DiscoveryResponse = message({ results: repeatedNested(1, QueryResult) });
export type DiscoveryResponse = Decoded<typeof DiscoveryResponse>;
