/** Proposals and their answers: peer/proposal.proto, peer/proposal_response.proto. */
import { bool, bytes, type Decoded, int32, map, message, nested, repeated, repeatedNested, string } from "../codec.js";
import { ChaincodeID } from "./chaincode.js";
import { SignaturePolicyEnvelope } from "./policies.js";
import { Timestamp } from "./wellknown.js";

export const SignedProposal = message({ proposalBytes: bytes(1), signature: bytes(2) });
export type SignedProposal = Decoded<typeof SignedProposal>;

export const Proposal = message({ header: bytes(1), payload: bytes(2), extension: bytes(3) });
export type Proposal = Decoded<typeof Proposal>;

export const ChaincodeHeaderExtension = message({ chaincodeId: nested(2, ChaincodeID) });
export type ChaincodeHeaderExtension = Decoded<typeof ChaincodeHeaderExtension>;

export const ChaincodeProposalPayload = message({ input: bytes(1), transientMap: map(2, string(1), bytes(2)) });
export type ChaincodeProposalPayload = Decoded<typeof ChaincodeProposalPayload>;

export const Response = message({ status: int32(1), message: string(2), payload: bytes(3) });
export type Response = Decoded<typeof Response>;

export const ChaincodeAction = message({
  results: bytes(1),
  events: bytes(2),
  response: nested(3, Response),
  chaincodeId: nested(4, ChaincodeID),
});
export type ChaincodeAction = Decoded<typeof ChaincodeAction>;

export const Endorsement = message({ endorser: bytes(1), signature: bytes(2) });
export type Endorsement = Decoded<typeof Endorsement>;

export const ChaincodeCall = message({
  name: string(1),
  collectionNames: repeated(string(2)),
  noPrivateReads: bool(3),
  noPublicWrites: bool(4),
  keyPolicies: repeatedNested(5, SignaturePolicyEnvelope),
  disregardNamespacePolicy: bool(6),
});
export type ChaincodeCall = Decoded<typeof ChaincodeCall>;

export const ChaincodeInterest = message({ chaincodes: repeatedNested(1, ChaincodeCall) });
export type ChaincodeInterest = Decoded<typeof ChaincodeInterest>;

export const ProposalResponse = message({
  version: int32(1),
  timestamp: nested(2, Timestamp),
  response: nested(4, Response),
  payload: bytes(5),
  endorsement: nested(6, Endorsement),
  interest: nested(7, ChaincodeInterest),
});
export type ProposalResponse = Decoded<typeof ProposalResponse>;

export const ProposalResponsePayload = message({ proposalHash: bytes(1), extension: bytes(2) });
export type ProposalResponsePayload = Decoded<typeof ProposalResponsePayload>;
