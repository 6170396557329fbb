/**
 * What an operator can do who holds keys and ignores every program of ours: write any transaction, and have it endorsed by each
 * peer whose key is at hand. Over the wire nobody can tell it from what altered contract code makes.
 */
import { createHash } from "node:crypto";
import type { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import { ChaincodeInvocationSpec } from "@wanlian/protocol/messages/chaincode.js";
import { ChannelHeader, Envelope, HeaderType, Payload, SignatureHeader } from "@wanlian/protocol/messages/common.js";
import {
  ChaincodeAction,
  ChaincodeHeaderExtension,
  ChaincodeProposalPayload,
  ProposalResponsePayload,
} from "@wanlian/protocol/messages/proposal.js";
import { HashedRWSet, KVRWSet, TxReadWriteSet } from "@wanlian/protocol/messages/rwset.js";
import { ChaincodeActionPayload, Transaction } from "@wanlian/protocol/messages/transaction.js";

export interface Forgery {
  readonly channel: string;
  readonly chaincode: string;
  readonly creator: SigningIdentity;
  readonly endorsers: readonly SigningIdentity[];
  /** Contract function and arguments as the proposal states them: nobody checks them against the writes. */
  readonly args: readonly string[];
  /** What the transaction claims to have read and wants to write, by namespace. */
  readonly sets: { readonly [namespace: string]: Parameters<typeof KVRWSet.encode>[0] };
  /** The same for private collections, by namespace: hashes, and the hash of the plain writes. */
  readonly collections?: { readonly [namespace: string]: readonly ForgedCollection[] };
  /** Milliseconds since 1970; the creator claims what it likes. Default: now. */
  readonly timestamp?: number;
}

export interface ForgedCollection {
  readonly name: string;
  readonly hashed: Parameters<typeof HashedRWSet.encode>[0];
  readonly privateHash?: Uint8Array;
}

export interface ForgedTransaction {
  readonly transactionId: string;
  readonly envelope: Uint8Array;
}

/** The transaction id that this creator gets with this nonce (Fabric's protoutil/proputils.go). */
export function transactionId(nonce: Uint8Array, creator: Uint8Array): string {
  return createHash("sha256").update(nonce).update(creator).digest("hex");
}

/** Builds and signs the transaction. `nonce` fixes its id beforehand. */
export function forge(forgery: Forgery, nonce = forgery.creator.nonce()): ForgedTransaction {
  const { creator } = forgery.creator;
  const id = transactionId(nonce, creator);
  const milliseconds = forgery.timestamp ?? Date.now();
  const channelHeader = ChannelHeader.encode({
    type: HeaderType.ENDORSER_TRANSACTION,
    timestamp: { seconds: BigInt(Math.floor(milliseconds / 1000)), nanos: (milliseconds % 1000) * 1_000_000 },
    channelId: forgery.channel,
    txId: id,
    extension: ChaincodeHeaderExtension.encode({ chaincodeId: { name: forgery.chaincode } }),
  });
  const signatureHeader = SignatureHeader.encode({ creator, nonce });
  const proposalPayload = ChaincodeProposalPayload.encode({ input: invocation(forgery) });
  const proposalHash = createHash("sha256")
    .update(channelHeader)
    .update(signatureHeader)
    .update(proposalPayload)
    .digest();
  const responsePayload = ProposalResponsePayload.encode({ proposalHash, extension: action(forgery) });
  const endorsements = forgery.endorsers.map((peer) => ({
    endorser: peer.creator,
    signature: peer.sign(Buffer.concat([responsePayload, peer.creator])),
  }));
  const transaction = Transaction.encode({
    actions: [
      {
        header: signatureHeader,
        payload: ChaincodeActionPayload.encode({
          chaincodeProposalPayload: proposalPayload,
          action: { proposalResponsePayload: responsePayload, endorsements },
        }),
      },
    ],
  });
  const payload = Payload.encode({ header: { channelHeader, signatureHeader }, data: transaction });
  return { transactionId: id, envelope: Envelope.encode({ payload, signature: forgery.creator.sign(payload) }) };
}

function invocation({ chaincode, args }: Forgery): Uint8Array {
  return ChaincodeInvocationSpec.encode({
    chaincodeSpec: {
      type: 1,
      chaincodeId: { name: chaincode },
      input: { args: args.map((text) => Buffer.from(text)) },
    },
  });
}

function action({ chaincode, sets, collections = {} }: Forgery): Uint8Array {
  const namespaces = [...new Set([...Object.keys(sets), ...Object.keys(collections)])].sort();
  const nsRwset = namespaces.map((namespace) => ({
    namespace,
    rwset: KVRWSet.encode(sets[namespace] ?? {}),
    collectionHashedRwset: (collections[namespace] ?? []).map(({ name, hashed, privateHash }) => ({
      collectionName: name,
      hashedRwset: HashedRWSet.encode(hashed),
      pvtRwsetHash: privateHash,
    })),
  }));
  return ChaincodeAction.encode({
    results: TxReadWriteSet.encode({ nsRwset }),
    response: { status: 200 },
    chaincodeId: { name: chaincode, version: "1" },
  });
}
