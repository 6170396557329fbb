import type { DiscoveredPeer } from "@wanlian/protocol/messages/discovery.js";
import type { SigningIdentity } from "../../../certificates/signing-identity.js";
import type { Channels } from "../channels.js";
import type { ChannelPeer } from "../planning/membership.js";
import { aliveEnvelope, standingEnvelope } from "./gossip.js";

/** Which chaincodes this peer runs on a channel. */
export type RunningChaincodes = (
  channelId: string,
) => Promise<readonly { readonly name: string; readonly sequence: bigint }[]>;

/** This peer as others see it. */
export class Self {
  readonly #address: { readonly external: string };
  readonly #signer: SigningIdentity;
  readonly #channels: Channels;
  readonly #incarnation = BigInt(Date.now());
  #sequence = 0n;

  constructor(address: { readonly external: string }, signer: SigningIdentity, channels: Channels) {
    this.#address = address;
    this.#signer = signer;
    this.#channels = channels;
  }

  get address(): string {
    return this.#address.external;
  }

  get mspId(): string {
    return this.#signer.mspId;
  }

  /** Alive at its address. */
  alive(): ChannelPeer {
    return this.#peer(0n, {
      identity: this.#signer.creator,
      membershipInfo: undefined,
      stateInfo: undefined,
    });
  }

  /** On a channel, as of this moment; undefined if it has not joined. */
  on(channelId: string): ChannelPeer | undefined {
    const height = this.#channels.get(channelId)?.ledger.height;
    if (height === undefined) return undefined;
    return { ...this.alive(), height };
  }

  /** What it tells others of itself, signed. Without a channel: that it is alive. */
  async description(channelId?: string, running?: RunningChaincodes): Promise<DiscoveredPeer> {
    this.#sequence += 1n;
    const signer = this.#signer;
    const membershipInfo = aliveEnvelope(signer, this.address, this.#incarnation, this.#sequence);
    const height = channelId === undefined ? undefined : this.#channels.get(channelId)?.ledger.height;
    if (channelId === undefined || height === undefined) {
      return { identity: signer.creator, membershipInfo, stateInfo: undefined };
    }
    const chaincodes = (await running?.(channelId)) ?? [];
    const stateInfo = standingEnvelope(signer, { channelId, height, chaincodes }, this.#incarnation, this.#sequence);
    return { identity: signer.creator, membershipInfo, stateInfo };
  }

  #peer(height: bigint, description: DiscoveredPeer): ChannelPeer {
    const { address, mspId } = this;
    return { address, mspId, identity: this.#signer.creator, height, isLocal: true, description };
  }
}
