import { assemble } from "@wanlian/network/administration/calls/proposal.js";
import type { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import { concatBytes } from "@wanlian/protocol/bytes.js";
import { ChaincodeInvocationSpec, ChaincodeSpecType } from "@wanlian/protocol/messages/chaincode.js";
import { ChannelHeader, Envelope, Header, HeaderType, SignatureHeader } from "@wanlian/protocol/messages/common.js";
import {
  ChaincodeAction,
  ChaincodeHeaderExtension,
  ChaincodeProposalPayload,
  Endorsement,
  ProposalResponsePayload,
} from "@wanlian/protocol/messages/proposal.js";
import { KVRWSet, TxReadWriteSet } from "@wanlian/protocol/messages/rwset.js";
import { timestampOf } from "@wanlian/protocol/messages/wellknown.js";
import { proposalHash, transactionId } from "@wanlian/protocol/transaction/ids.js";

/** What a transaction is made of. */
export interface Endorsed {
  readonly channel: string;
  readonly chaincode: string;
  readonly creator: SigningIdentity;
  readonly nonce: Uint8Array;
  readonly endorsers: readonly SigningIdentity[];
  /** The contract's function and its arguments. */
  readonly args: readonly string[];
  readonly writes: Parameters<typeof KVRWSet.encode>[0];
}

/** A transaction as peers and officer sign it, without any of their processes. @returns proto common.Envelope */
export function endorsedEnvelope(transaction: Endorsed): Uint8Array {
  const { channel, creator, nonce, endorsers } = transaction;
  const chaincodeId = { name: transaction.chaincode };
  const header = Header.create({
    channelHeader: ChannelHeader.encode({
      type: HeaderType.ENDORSER_TRANSACTION,
      timestamp: timestampOf(Date.now()),
      channelId: channel,
      txId: transactionId(nonce, creator.creator),
      extension: ChaincodeHeaderExtension.encode({ chaincodeId }),
    }),
    signatureHeader: SignatureHeader.encode({ creator: creator.creator, nonce }),
  });
  const args = transaction.args.map((text) => Buffer.from(text));
  const input = ChaincodeInvocationSpec.encode({
    chaincodeSpec: { type: ChaincodeSpecType.GOLANG, chaincodeId, input: { args } },
  });
  const payload = ChaincodeProposalPayload.encode({ input });
  const results = TxReadWriteSet.encode({
    nsRwset: [{ namespace: transaction.chaincode, rwset: KVRWSet.encode(transaction.writes) }],
  });
  const result = ProposalResponsePayload.encode({
    proposalHash: proposalHash(header, payload),
    extension: ChaincodeAction.encode({
      results,
      response: { status: 200 },
      chaincodeId: { ...chaincodeId, version: "1" },
    }),
  });
  const endorsements = endorsers.map((peer) =>
    Endorsement.create({ endorser: peer.creator, signature: peer.sign(concatBytes(result, peer.creator)) }),
  );
  return Envelope.encode(assemble({ header, payload }, result, endorsements, creator));
}
