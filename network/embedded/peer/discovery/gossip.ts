import { createHash } from "node:crypto";
import { type GossipEnvelope, GossipMessage, GossipTag } from "@wanlian/protocol/messages/gossip.js";
import { SerializedIdentity } from "@wanlian/protocol/messages/msp.js";
import type { SigningIdentity } from "../../../certificates/signing-identity.js";

/** What a peer says of itself on one channel. */
export interface ChannelStanding {
  readonly channelId: string;
  readonly height: bigint;
  readonly chaincodes: readonly { readonly name: string; readonly sequence: bigint }[];
}

/** By what gossip knows a peer: a hash over its MSP id and certificate. */
export function pkiIdOf(identity: Uint8Array): Uint8Array {
  const { mspid, idBytes } = SerializedIdentity.decode(identity);
  return createHash("sha256").update(mspid).update(idBytes).digest();
}

/** "I am alive, at this address." */
export function aliveEnvelope(
  signer: SigningIdentity,
  endpoint: string,
  incarnation: bigint,
  now: bigint,
): GossipEnvelope {
  return signedGossip(signer, {
    tag: GossipTag.EMPTY,
    aliveMsg: {
      membership: { endpoint, pkiId: pkiIdOf(signer.creator) },
      timestamp: { incNum: incarnation, seqNum: now },
    },
  });
}

/** "I have joined this channel, so far have I got, and these chaincodes I run." */
export function standingEnvelope(
  signer: SigningIdentity,
  { channelId, height, chaincodes }: ChannelStanding,
  incarnation: bigint,
  now: bigint,
): GossipEnvelope {
  const pkiId = pkiIdOf(signer.creator);
  return signedGossip(signer, {
    tag: GossipTag.CHAN_OR_ORG,
    stateInfo: {
      timestamp: { incNum: incarnation, seqNum: now },
      pkiId,
      channelMAC: createHash("sha256").update(pkiId).update(channelId).digest(),
      properties: {
        ledgerHeight: height,
        chaincodes: chaincodes.map(({ name, sequence }) => ({ name, version: String(sequence) })),
      },
    },
  });
}

/** A message of gossip, signed by the peer. */
export function signedGossip(
  signer: SigningIdentity,
  content: Parameters<typeof GossipMessage.encode>[0],
): GossipEnvelope {
  const payload = GossipMessage.encode(content);
  return { payload, signature: signer.sign(payload), secretEnvelope: undefined };
}
