import { ChaincodeInvocationSpec } from "@wanlian/protocol/messages/chaincode.js";
import { ChannelHeader, Header } from "@wanlian/protocol/messages/common.js";
import { ChaincodeProposalPayload, Proposal, type SignedProposal } from "@wanlian/protocol/messages/proposal.js";
import { PeerError } from "../errors.js";

/** What the gateway needs to know of a proposal. Unlike the endorser it takes the chaincode from the invocation. */
export interface GatewayProposal {
  readonly signed: SignedProposal;
  readonly channelId: string;
  readonly chaincode: string;
  readonly hasTransient: boolean;
  readonly header: Header;
  readonly input: Uint8Array;
}

/** @throws PeerError MALFORMED (or ProtocolError) when it is not a proposal to a chaincode on a channel. */
export function readProposal(signed: SignedProposal | undefined): GatewayProposal {
  if (signed === undefined || signed.proposalBytes.length === 0) throw malformed("a signed proposal is required");
  const proposal = Proposal.decode(signed.proposalBytes);
  const header = Header.decode(proposal.header);
  const { channelId } = ChannelHeader.decode(header.channelHeader);
  const { input, transientMap } = ChaincodeProposalPayload.decode(proposal.payload);
  const { chaincodeSpec } = ChaincodeInvocationSpec.decode(input);
  if (channelId === "") throw malformed("no channel id provided");
  const where = `channel id [${channelId}]`;
  if (chaincodeSpec === undefined) throw malformed(`no chaincode spec is provided, ${where}`);
  if (chaincodeSpec.chaincodeId === undefined) throw malformed(`no chaincode id is provided, ${where}`);
  const { name } = chaincodeSpec.chaincodeId;
  if (name === "") throw malformed(`no chaincode name is provided, ${where}`);
  return { signed, channelId, chaincode: name, hasTransient: transientMap.size > 0, header, input };
}

const malformed = (message: string): PeerError => new PeerError("MALFORMED", message);
