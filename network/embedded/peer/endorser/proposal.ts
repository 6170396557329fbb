import { messageOf } from "@wanlian/protocol/errors.js";
import { type ChaincodeInput, ChaincodeInvocationSpec } from "@wanlian/protocol/messages/chaincode.js";
import { ChannelHeader, Header, HeaderType, SignatureHeader } from "@wanlian/protocol/messages/common.js";
import {
  ChaincodeHeaderExtension,
  ChaincodeProposalPayload,
  Proposal,
  type SignedProposal,
} from "@wanlian/protocol/messages/proposal.js";
import { proposalHash, transactionId, withoutTransient } from "@wanlian/protocol/transaction/ids.js";
import { PeerError } from "../errors.js";

/** A proposal taken apart, with everything in it that endorsing needs. */
export interface ProposalView {
  readonly signed: SignedProposal;
  readonly header: Header;
  readonly channelHeader: ChannelHeader;
  readonly creator: Uint8Array;
  readonly nonce: Uint8Array;
  /** The chaincode that is invoked; header and invocation name the same. */
  readonly chaincode: string;
  readonly input: ChaincodeInput;
  /** Hash over the headers as received and the payload without its transient data (Fabric's core/endorser/msgvalidation.go). */
  readonly hash: Uint8Array;
}

/** Takes a signed proposal apart. @throws PeerError MALFORMED */
export function unpackProposal(signed: SignedProposal): ProposalView {
  try {
    const proposal = Proposal.decode(signed.proposalBytes);
    const header = Header.decode(proposal.header);
    const channelHeader = ChannelHeader.decode(header.channelHeader);
    const { creator, nonce } = SignatureHeader.decode(header.signatureHeader);
    const { chaincodeId } = ChaincodeHeaderExtension.decode(channelHeader.extension);
    if (chaincodeId === undefined) throw malformed("ChaincodeHeaderExtension.ChaincodeId is nil");
    if (chaincodeId.name === "") throw malformed("ChaincodeHeaderExtension.ChaincodeId.Name is empty");
    const payload = ChaincodeProposalPayload.decode(proposal.payload);
    const { chaincodeSpec } = ChaincodeInvocationSpec.decode(payload.input);
    if (chaincodeSpec === undefined) throw malformed("chaincode invocation spec did not contain chaincode spec");
    if (chaincodeSpec.input === undefined) throw malformed("chaincode input did not contain any input");
    // Fabric does not compare them, and then different parts of a peer go by different names.
    const invoked = chaincodeSpec.chaincodeId?.name ?? "";
    if (invoked !== chaincodeId.name) {
      throw malformed(`the header names chaincode '${chaincodeId.name}' and the invocation '${invoked}'`);
    }
    return {
      signed,
      header,
      channelHeader,
      creator,
      nonce,
      chaincode: chaincodeId.name,
      input: chaincodeSpec.input,
      hash: proposalHash(header, withoutTransient(proposal.payload)),
    };
  } catch (error) {
    if (error instanceof PeerError) throw error;
    throw new PeerError("MALFORMED", messageOf(error), { cause: error });
  }
}

const HEADER_TYPES: ReadonlyMap<number, string> = new Map(
  Object.entries(HeaderType).map(([name, type]) => [type, name]),
);

/** What must hold of a proposal before anybody is asked who signed it. @throws PeerError MALFORMED */
export function checkHeaders({ signed, channelHeader, creator, nonce }: ProposalView): void {
  const { type, epoch, txId } = channelHeader;
  if (type !== HeaderType.ENDORSER_TRANSACTION && type !== HeaderType.CONFIG) {
    throw malformed(`invalid header type ${HEADER_TYPES.get(type) ?? type}`);
  }
  if (epoch !== 0n) throw malformed("epoch is non-zero");
  if (nonce.length === 0) throw malformed("nonce is empty");
  if (creator.length === 0) throw malformed("creator is empty");
  const expected = transactionId(nonce, creator);
  if (txId !== expected) throw malformed(`incorrectly computed txid '${txId}' -- expected '${expected}'`);
  if (signed.proposalBytes.length === 0) throw malformed("empty proposal bytes");
  if (signed.signature.length === 0) throw malformed("empty signature bytes");
}

const malformed = (message: string): PeerError => new PeerError("MALFORMED", message);
