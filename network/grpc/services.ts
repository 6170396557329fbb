import { Envelope } from "@wanlian/protocol/messages/common.js";
import { DiscoveryResponse, SignedRequest } from "@wanlian/protocol/messages/discovery.js";
import { PeerDeliverResponse } from "@wanlian/protocol/messages/events.js";
import {
  ChaincodeEventsResponse,
  CommitStatusResponse,
  EndorseRequest,
  EndorseResponse,
  EvaluateRequest,
  EvaluateResponse,
  SignedChaincodeEventsRequest,
  SignedCommitStatusRequest,
  SubmitRequest,
  SubmitResponse,
} from "@wanlian/protocol/messages/gateway.js";
import { GossipEnvelope } from "@wanlian/protocol/messages/gossip.js";
import { BroadcastResponse, DeliverResponse as OrdererDeliverResponse } from "@wanlian/protocol/messages/orderer.js";
import { ProposalResponse, SignedProposal } from "@wanlian/protocol/messages/proposal.js";
import { ChaincodeMessage } from "@wanlian/protocol/messages/shim.js";
import { bidi, serverStream, unary } from "./method.js";

/** The services of Fabric that the network speaks; paths and messages are fixed by the public protocol files. */

/** A peer simulates and endorses a proposal. */
export const Endorser = {
  processProposal: unary("/protos.Endorser/ProcessProposal", SignedProposal, ProposalResponse),
} as const;

/** A peer hands out its blocks. */
export const Deliver = {
  deliver: bidi("/protos.Deliver/Deliver", Envelope, PeerDeliverResponse),
  deliverFiltered: bidi("/protos.Deliver/DeliverFiltered", Envelope, PeerDeliverResponse),
  deliverWithPrivateData: bidi("/protos.Deliver/DeliverWithPrivateData", Envelope, PeerDeliverResponse),
} as const;

/** Peers leave private data with each other; of gossip nothing else is spoken. */
export const Gossip = {
  gossipStream: bidi("/gossip.Gossip/GossipStream", GossipEnvelope, GossipEnvelope),
} as const;

/** What client applications call. */
export const Gateway = {
  evaluate: unary("/gateway.Gateway/Evaluate", EvaluateRequest, EvaluateResponse),
  endorse: unary("/gateway.Gateway/Endorse", EndorseRequest, EndorseResponse),
  submit: unary("/gateway.Gateway/Submit", SubmitRequest, SubmitResponse),
  commitStatus: unary("/gateway.Gateway/CommitStatus", SignedCommitStatusRequest, CommitStatusResponse),
  chaincodeEvents: serverStream(
    "/gateway.Gateway/ChaincodeEvents",
    SignedChaincodeEventsRequest,
    ChaincodeEventsResponse,
  ),
} as const;

/** Who is on the channel, and who has to endorse what. */
export const Discovery = {
  discover: unary("/discovery.Discovery/Discover", SignedRequest, DiscoveryResponse),
} as const;

/** The ordering service. */
export const AtomicBroadcast = {
  broadcast: bidi("/orderer.AtomicBroadcast/Broadcast", Envelope, BroadcastResponse),
  deliver: bidi("/orderer.AtomicBroadcast/Deliver", Envelope, OrdererDeliverResponse),
} as const;

/** A chaincode that runs as a service; the peer dials it. */
export const Chaincode = {
  connect: bidi("/protos.Chaincode/Connect", ChaincodeMessage, ChaincodeMessage),
} as const;
