/**
 * What an operator can do who holds keys and ignores every program of ours: write any transaction, and have it endorsed by each
 * peer whose key is at hand. Over the wire nobody can tell it from what altered contract code makes.
 */
import { createHash } from "node:crypto";
import { assemble, propose } from "@wanlian/network/administration/proposal.js";
import type { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import type { Encodable } from "@wanlian/protocol/codec.js";
import type { Envelope } from "@wanlian/protocol/messages/common.js";
import { ChaincodeAction, ProposalResponsePayload } from "@wanlian/protocol/messages/proposal.js";
import { KVRWSet, TxReadWriteSet } from "@wanlian/protocol/messages/rwset.js";

export interface Forgery {
  readonly channel: string;
  readonly chaincode: string;
  readonly creator: SigningIdentity;
  readonly endorsers: readonly SigningIdentity[];
  /** Contract function and arguments as the proposal states them: nobody checks them against the writes. */
  readonly args: readonly string[];
  /** What the transaction claims to have read and wants to write, by namespace; made once the transaction's id is known. */
  sets(transactionId: string): { readonly [namespace: string]: Encodable<KVRWSet> };
}

export interface ForgedTransaction {
  readonly transactionId: string;
  readonly envelope: Envelope;
}

/** Builds, endorses and signs the transaction. */
export function forge(forgery: Forgery): ForgedTransaction {
  const { channel, chaincode, creator } = forgery;
  const proposal = propose({ channel, chaincode, args: forgery.args.map((text) => Buffer.from(text)) }, creator);
  const { channelHeader, signatureHeader } = proposal.header;
  const hash = createHash("sha256").update(channelHeader).update(signatureHeader).update(proposal.payload);
  const result = ProposalResponsePayload.encode({
    proposalHash: hash.digest(),
    extension: action(chaincode, forgery.sets(proposal.transactionId)),
  });
  const endorsements = forgery.endorsers.map((peer) => ({
    endorser: peer.creator,
    signature: peer.sign(Buffer.concat([result, peer.creator])),
  }));
  return { transactionId: proposal.transactionId, envelope: assemble(proposal, result, endorsements, creator) };
}

function action(chaincode: string, sets: ReturnType<Forgery["sets"]>): Uint8Array {
  const nsRwset = Object.entries(sets)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([namespace, set]) => ({ namespace, rwset: KVRWSet.encode(set) }));
  return ChaincodeAction.encode({
    results: TxReadWriteSet.encode({ nsRwset }),
    response: { status: 200 },
    chaincodeId: { name: chaincode, version: "1" },
  });
}
