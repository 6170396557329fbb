/**
 * What an operator can do who holds keys and ignores every program of ours: write any transaction, and have it endorsed by each
 * peer whose key is at hand. Over the wire nobody can tell it from what altered contract code makes.
 */
import { assemble } from "@wanlian/network/administration/calls/proposal.js";
import type { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import { concatBytes } from "@wanlian/protocol/bytes.js";
import { ChaincodeInvocationSpec } from "@wanlian/protocol/messages/chaincode.js";
import { ChannelHeader, Envelope, Header, HeaderType, SignatureHeader } from "@wanlian/protocol/messages/common.js";
import {
  ChaincodeAction,
  ChaincodeHeaderExtension,
  ChaincodeProposalPayload,
  Endorsement,
  ProposalResponsePayload,
} from "@wanlian/protocol/messages/proposal.js";
import { HashedRWSet, KVRWSet, TxReadWriteSet } from "@wanlian/protocol/messages/rwset.js";
import { timestampOf } from "@wanlian/protocol/messages/wellknown.js";
import { proposalHash, transactionId } from "@wanlian/protocol/transaction/ids.js";

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

/** Builds and signs the transaction. `nonce` fixes its id beforehand. */
export function forge(forgery: Forgery, nonce = forgery.creator.nonce()): ForgedTransaction {
  const { creator } = forgery.creator;
  const id = transactionId(nonce, creator);
  const header = Header.create({
    channelHeader: ChannelHeader.encode({
      type: HeaderType.ENDORSER_TRANSACTION,
      timestamp: timestampOf(forgery.timestamp ?? Date.now()),
      channelId: forgery.channel,
      txId: id,
      extension: ChaincodeHeaderExtension.encode({ chaincodeId: { name: forgery.chaincode } }),
    }),
    signatureHeader: SignatureHeader.encode({ creator, nonce }),
  });
  const payload = ChaincodeProposalPayload.encode({ input: invocation(forgery) });
  const result = ProposalResponsePayload.encode({
    proposalHash: proposalHash(header, payload),
    extension: action(forgery),
  });
  const endorsements = forgery.endorsers.map((peer) =>
    Endorsement.create({ endorser: peer.creator, signature: peer.sign(concatBytes(result, peer.creator)) }),
  );
  const envelope = assemble({ header, payload }, result, endorsements, forgery.creator);
  return { transactionId: id, envelope: Envelope.encode(envelope) };
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
