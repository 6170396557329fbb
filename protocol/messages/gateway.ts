/** The gateway service: gateway/gateway.proto. */
import {
  bytes,
  type Decoded,
  enumeration,
  message,
  nested,
  repeated,
  repeatedNested,
  string,
  uint64,
} from "../codec.js";
import { ChaincodeEvent } from "./chaincode.js";
import { Envelope } from "./common.js";
import { SeekPosition } from "./orderer.js";
import { Response, SignedProposal } from "./proposal.js";

export const EndorseRequest = message({
  transactionId: string(1),
  channelId: string(2),
  proposedTransaction: nested(3, SignedProposal),
  endorsingOrganizations: repeated(string(4)),
});
export type EndorseRequest = Decoded<typeof EndorseRequest>;

export const EndorseResponse = message({ preparedTransaction: nested(1, Envelope) });
export type EndorseResponse = Decoded<typeof EndorseResponse>;

export const SubmitRequest = message({
  transactionId: string(1),
  channelId: string(2),
  preparedTransaction: nested(3, Envelope),
});
export type SubmitRequest = Decoded<typeof SubmitRequest>;

export const SubmitResponse = message({});
export type SubmitResponse = Decoded<typeof SubmitResponse>;

export const SignedCommitStatusRequest = message({ request: bytes(1), signature: bytes(2) });
export type SignedCommitStatusRequest = Decoded<typeof SignedCommitStatusRequest>;

export const CommitStatusRequest = message({ transactionId: string(1), channelId: string(2), identity: bytes(3) });
export type CommitStatusRequest = Decoded<typeof CommitStatusRequest>;

export const CommitStatusResponse = message({ result: enumeration(1), blockNumber: uint64(2) });
export type CommitStatusResponse = Decoded<typeof CommitStatusResponse>;

export const EvaluateRequest = message({
  transactionId: string(1),
  channelId: string(2),
  proposedTransaction: nested(3, SignedProposal),
  targetOrganizations: repeated(string(4)),
});
export type EvaluateRequest = Decoded<typeof EvaluateRequest>;

export const EvaluateResponse = message({ result: nested(1, Response) });
export type EvaluateResponse = Decoded<typeof EvaluateResponse>;

export const SignedChaincodeEventsRequest = message({ request: bytes(1), signature: bytes(2) });
export type SignedChaincodeEventsRequest = Decoded<typeof SignedChaincodeEventsRequest>;

export const ChaincodeEventsRequest = message({
  channelId: string(1),
  chaincodeId: string(2),
  identity: bytes(3),
  startPosition: nested(4, SeekPosition),
  afterTransactionId: string(5),
});
export type ChaincodeEventsRequest = Decoded<typeof ChaincodeEventsRequest>;

export const ChaincodeEventsResponse = message({ events: repeatedNested(1, ChaincodeEvent), blockNumber: uint64(2) });
export type ChaincodeEventsResponse = Decoded<typeof ChaincodeEventsResponse>;

export const ErrorDetail = message({ address: string(1), mspId: string(2), message: string(3) });
export type ErrorDetail = Decoded<typeof ErrorDetail>;

export const ProposedTransaction = message({
  transactionId: string(1),
  proposal: nested(2, SignedProposal),
  endorsingOrganizations: repeated(string(3)),
});
export type ProposedTransaction = Decoded<typeof ProposedTransaction>;

export const PreparedTransaction = message({ transactionId: string(1), envelope: nested(2, Envelope) });
export type PreparedTransaction = Decoded<typeof PreparedTransaction>;
