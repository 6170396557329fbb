import { toHex } from "../bytes.js";
import { sha256 } from "../hash.js";
import type { Header } from "../messages/common.js";
import { ChaincodeProposalPayload } from "../messages/proposal.js";

/** A transaction's id: bound to creator and nonce, not to content. */
export const transactionId = (nonce: Uint8Array, creator: Uint8Array): string => toHex(sha256(nonce, creator));

/**
 * What endorsers sign of a proposal: over the headers as received and the payload without its transient data.
 * @param payload the chaincode proposal payload as it stands in the transaction, transient data already gone
 */
export const proposalHash = (header: Header, payload: Uint8Array): Uint8Array =>
  sha256(header.channelHeader, header.signatureHeader, payload);

/** A proposal's payload without transient data: what is hashed and stored. */
export const withoutTransient = (payload: Uint8Array): Uint8Array =>
  ChaincodeProposalPayload.encode({ input: ChaincodeProposalPayload.decode(payload).input });
