import { concatBytes, equalBytes } from "../bytes.js";
import { isAbsent } from "../codec.js";
import { ProtocolError } from "../errors.js";
import { type Header, SignatureHeader } from "../messages/common.js";
import { ChaincodeAction, ProposalResponsePayload } from "../messages/proposal.js";
import { ChaincodeActionPayload, type ChaincodeEndorsedAction, Transaction } from "../messages/transaction.js";
import type { SignedData } from "../policies/policy.js";
import { proposalHash } from "./ids.js";

/** An endorser transaction whose parts hang together: one action, endorsed for exactly this proposal. */
export interface EndorserTransaction {
  /** The proposal's payload as it was endorsed, without transient data. */
  readonly proposalPayload: Uint8Array;
  /** What the endorsers signed: encoded ProposalResponsePayload. */
  readonly responsePayload: Uint8Array;
  readonly response: ProposalResponsePayload;
  readonly endorsements: ChaincodeEndorsedAction["endorsements"];
}

const invalid = (message: string): ProtocolError => new ProtocolError("INVALID_TRANSACTION", message);

/**
 * Fabric's validateEndorserTransaction.
 * @param data of the payload
 * @throws ProtocolError INVALID_TRANSACTION or MALFORMED
 */
export function readEndorserTransaction(header: Header, data: Uint8Array): EndorserTransaction {
  const [action, ...others] = Transaction.decode(data).actions;
  if (action === undefined || others.length > 0) throw invalid("a transaction must have exactly one action");
  const { creator, nonce } = SignatureHeader.decode(action.header);
  if (creator.length === 0 || nonce.length === 0) throw invalid("the action's header lacks creator or nonce");
  const { chaincodeProposalPayload, action: endorsed } = ChaincodeActionPayload.decode(action.payload);
  if (endorsed === undefined) throw invalid("the action is empty");
  if (isAbsent(chaincodeProposalPayload)) throw invalid("the action holds no proposal");
  const response = ProposalResponsePayload.decode(endorsed.proposalResponsePayload);
  const hash = proposalHash({ ...header, signatureHeader: action.header }, chaincodeProposalPayload);
  if (!equalBytes(hash, response.proposalHash)) throw invalid("what was endorsed is not this proposal");
  return {
    proposalPayload: chaincodeProposalPayload,
    responsePayload: endorsed.proposalResponsePayload,
    response,
    endorsements: endorsed.endorsements,
  };
}

/**
 * The chaincode action that was endorsed.
 * @throws ProtocolError INVALID_TRANSACTION or MALFORMED
 */
export function chaincodeActionOf({ responsePayload, response }: EndorserTransaction): ChaincodeAction {
  if (isAbsent(responsePayload) || isAbsent(response.extension)) throw invalid("the endorsed response is empty");
  return ChaincodeAction.decode(response.extension);
}

/** The endorsements as a policy sees them: each signs the response and its endorser. */
export const endorsementSet = ({ responsePayload, endorsements }: EndorserTransaction): SignedData[] =>
  endorsements.map(({ endorser, signature }) => ({
    identity: endorser,
    data: concatBytes(responsePayload, endorser),
    signature,
  }));
