import { setTimeout as delay } from "node:timers/promises";
import type { MspManager } from "@wanlian/protocol/identities/identity.js";
import { type DiscoveredPeer, DiscoveryRequest } from "@wanlian/protocol/messages/discovery.js";
import { type GossipEnvelope, GossipMessage } from "@wanlian/protocol/messages/gossip.js";
import type { SigningIdentity } from "../../../certificates/signing-identity.js";
import type { RpcClient } from "../../../grpc/client.js";
import { Discovery } from "../../../grpc/services.js";
import type { ChannelPeer } from "../planning/membership.js";

/** Between looks at a peer that is where it should be: how stale its height can be. A dozen peers ask each other all day long. */
const POLL_MS = 3_000;
/** Between tries to reach one that does not answer, or has not joined every channel that it belongs to. */
const RETRY_MS = 500;
/** How long a peer may take to answer; its silence means that it is gone. */
const ANSWER_TIMEOUT_MS = 5_000;

/** A channel as far as watching a peer on it needs. */
export interface WatchedChannel {
  readonly id: string;
  readonly msps: MspManager;
}

/** Where a peer might be found, and of which organization. */
export interface Sighting {
  readonly address: string;
  readonly mspId: string;
}

/** Another peer, asked every moment what channels it is on; alive as long as it answers. */
export class Neighbour {
  readonly address: string;
  readonly client: RpcClient;
  readonly #signer: SigningIdentity;
  readonly #tlsCertHash: Uint8Array;
  readonly #channels: () => readonly WatchedChannel[];
  readonly #sighted: (sighting: Sighting) => void;
  readonly #isKnown: (address: string) => boolean;
  readonly #stop = new AbortController();
  #known = new Map<string, ChannelPeer>();
  #wake = new AbortController();

  constructor(parts: {
    address: string;
    client: RpcClient;
    signer: SigningIdentity;
    tlsCertHash: Uint8Array;
    channels: () => readonly WatchedChannel[];
    sighted: (sighting: Sighting) => void;
    isKnown: (address: string) => boolean;
  }) {
    this.address = parts.address;
    this.client = parts.client;
    this.#signer = parts.signer;
    this.#tlsCertHash = parts.tlsCertHash;
    this.#channels = parts.channels;
    this.#sighted = parts.sighted;
    this.#isKnown = parts.isKnown;
  }

  /** The peer on a channel; undefined while it is not there or does not answer. */
  on(channelId: string): ChannelPeer | undefined {
    return this.#known.get(channelId);
  }

  /** Watches until stopped. */
  async watch(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const channels = this.#channels();
      try {
        this.#known = await this.#ask(channels);
      } catch {
        // Whatever keeps it from answering, it counts as gone until it does.
        this.#known = new Map();
      }
      const complete = channels.every(({ id }) => this.#known.has(id));
      const pause = complete ? POLL_MS : RETRY_MS;
      if (this.#stop.signal.aborted) return;
      this.#wake = new AbortController();
      await delay(pause, undefined, { signal: this.#wake.signal }).catch(() => undefined);
    }
  }

  /** It failed somebody: out of the plans until it answers again, which is asked at once. */
  suspect(): void {
    this.#known = new Map();
    this.#wake.abort();
  }

  /** Something has changed that makes it worth asking at once. */
  refresh(): void {
    this.#wake.abort();
  }

  stop(): void {
    this.#stop.abort();
    this.#wake.abort();
    this.client.close();
  }

  async #ask(channels: readonly WatchedChannel[]): Promise<Map<string, ChannelPeer>> {
    const payload = DiscoveryRequest.encode({
      authentication: { clientIdentity: this.#signer.creator, clientTlsCertHash: this.#tlsCertHash },
      queries: channels.map(({ id }) => ({ channel: id, peerQuery: {} })),
    });
    const request = { payload, signature: this.#signer.sign(payload) };
    const { results } = await this.client.unary(Discovery.discover, request, {
      timeoutMs: ANSWER_TIMEOUT_MS,
      signal: this.#stop.signal,
    });
    const known = new Map<string, ChannelPeer>();
    for (const [index, channel] of channels.entries()) {
      for (const { peers } of results[index]?.members?.peersByOrg.values() ?? []) {
        for (const one of peers) await this.#take(one, channel, known);
      }
    }
    return known;
  }

  /** What the peer says of itself counts; what it passes on of others is a hint where to look. Both only as their subjects signed them. */
  async #take(said: DiscoveredPeer, { id, msps }: WatchedChannel, known: Map<string, ChannelPeer>): Promise<void> {
    const alive = content(said.membershipInfo)?.aliveMsg;
    const properties = content(said.stateInfo)?.stateInfo?.properties;
    const address = alive?.membership?.endpoint;
    if (address === undefined || properties === undefined) return;
    if (address !== this.address && this.#isKnown(address)) return;
    const identity = msps.deserialize(said.identity);
    identity.validate();
    for (const envelope of [said.membershipInfo, said.stateInfo]) {
      if (envelope === undefined || !(await identity.verify(envelope.payload, envelope.signature))) return;
    }
    const { mspId } = identity;
    if (address !== this.address) {
      this.#sighted({ address, mspId });
      return;
    }
    const height = properties.ledgerHeight;
    known.set(id, { address, mspId, identity: said.identity, height, isLocal: false, description: said });
  }
}

function content(envelope: GossipEnvelope | undefined): GossipMessage | undefined {
  return envelope && GossipMessage.decode(envelope.payload);
}
