import type { DiscoveredPeer } from "@wanlian/protocol/messages/discovery.js";

/** A peer that is alive and has joined a channel, this one included. */
export interface ChannelPeer {
  /** `host:port` at which other peers and clients reach it. */
  readonly address: string;
  readonly mspId: string;
  /** Its serialized identity. */
  readonly identity: Uint8Array;
  readonly height: bigint;
  readonly isLocal: boolean;
  /** What the peer says of itself, signed by it. */
  readonly description: DiscoveredPeer;
}

/** Who is on a channel at this moment, as far as this peer can reach them. */
export interface Membership {
  peers(channelId: string): readonly ChannelPeer[];
  /** Every peer known to be alive, whatever its channels. */
  all(): readonly ChannelPeer[];
}
