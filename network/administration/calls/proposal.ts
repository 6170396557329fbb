import { ChaincodeInvocationSpec, ChaincodeSpecType } from "@wanlian/protocol/messages/chaincode.js";
import {
  ChannelHeader,
  Envelope,
  Header,
  HeaderType,
  Payload,
  SignatureHeader,
} from "@wanlian/protocol/messages/common.js";
import {
  ChaincodeHeaderExtension,
  ChaincodeProposalPayload,
  type Endorsement,
  Proposal,
  SignedProposal,
} from "@wanlian/protocol/messages/proposal.js";
import { ChaincodeActionPayload, Transaction } from "@wanlian/protocol/messages/transaction.js";
import { timestampOf } from "@wanlian/protocol/messages/wellknown.js";
import { transactionId } from "@wanlian/protocol/transaction/ids.js";
import type { SigningIdentity } from "../../certificates/signing-identity.js";

/** Which function is asked for. */
export interface Invocation {
  /** Empty for what concerns a peer alone, such as joining a channel. */
  readonly channel: string;
  readonly chaincode: string;
  readonly args: readonly Uint8Array[];
}

/** A proposal with what is needed to make a transaction of it. */
export interface PreparedProposal {
  readonly transactionId: string;
  readonly channel: string;
  readonly signed: SignedProposal;
  readonly header: Header;
  readonly payload: Uint8Array;
}

/** A signed proposal to call a chaincode. */
export function propose(invocation: Invocation, identity: SigningIdentity): PreparedProposal {
  const nonce = identity.nonce();
  const id = transactionId(nonce, identity.creator);
  const chaincodeId = { name: invocation.chaincode };
  const header = Header.create({
    channelHeader: ChannelHeader.encode({
      type: HeaderType.ENDORSER_TRANSACTION,
      timestamp: timestampOf(Date.now()),
      channelId: invocation.channel,
      txId: id,
      extension: ChaincodeHeaderExtension.encode({ chaincodeId }),
    }),
    signatureHeader: SignatureHeader.encode({ creator: identity.creator, nonce }),
  });
  const input = ChaincodeInvocationSpec.encode({
    chaincodeSpec: { type: ChaincodeSpecType.GOLANG, chaincodeId, input: { args: [...invocation.args] } },
  });
  const payload = ChaincodeProposalPayload.encode({ input });
  const proposalBytes = Proposal.encode({ header: Header.encode(header), payload });
  const signed = SignedProposal.create({ proposalBytes, signature: identity.sign(proposalBytes) });
  return { transactionId: id, channel: invocation.channel, signed, header, payload };
}

/** The transaction: the proposal, the result on which the endorsers agree, and their endorsements. */
export function assemble(
  proposal: Pick<PreparedProposal, "header" | "payload">,
  result: Uint8Array,
  endorsements: readonly Endorsement[],
  identity: SigningIdentity,
): Envelope {
  const data = Transaction.encode({
    actions: [
      {
        header: proposal.header.signatureHeader,
        payload: ChaincodeActionPayload.encode({
          chaincodeProposalPayload: proposal.payload,
          action: { proposalResponsePayload: result, endorsements: [...endorsements] },
        }),
      },
    ],
  });
  const payload = Payload.encode({ header: proposal.header, data });
  return Envelope.create({ payload, signature: identity.sign(payload) });
}
