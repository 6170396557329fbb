import type { ChannelBundle } from "@wanlian/protocol/configuration/channel-bundle.js";
import { messageOf } from "@wanlian/protocol/errors.js";
import type { Logger } from "pino";
import type { SigningIdentity } from "../../../certificates/signing-identity.js";
import { RpcClient } from "../../../grpc/client.js";
import { clientCredentials, joinPem, type TlsMaterial, tlsCertificateHash } from "../../../grpc/credentials.js";
import type { Channels } from "../channels.js";
import type { ChannelPeer, Membership } from "../planning/membership.js";
import { Neighbour, type Sighting } from "./neighbour.js";
import type { Self } from "./self.js";

/** Peers of one organization watched at most, beside its anchors: nobody's word can make this peer open connections without end. */
const MAX_SIGHTED = 10;

/**
 * The other peers of this peer's channels: those that the configurations name as anchors, and those that these know of. Instead of
 * gossip each is asked by the discovery service, and is alive while it answers.
 */
export class Neighbours implements Membership {
  readonly #self: Self;
  readonly #channels: Channels;
  readonly #signer: SigningIdentity;
  readonly #tls: TlsMaterial;
  readonly #log: Logger;
  readonly #byAddress = new Map<string, Neighbour>();
  /** How many peers of an organization were found by others' word. */
  readonly #sighted = new Map<string, number>();
  #stopped = false;

  constructor(parts: { self: Self; channels: Channels; signer: SigningIdentity; tls: TlsMaterial; log: Logger }) {
    this.#self = parts.self;
    this.#channels = parts.channels;
    this.#signer = parts.signer;
    this.#tls = parts.tls;
    this.#log = parts.log;
  }

  peers(channelId: string): readonly ChannelPeer[] {
    const self = this.#self.on(channelId);
    const others = [...this.#byAddress.values()].flatMap((neighbour) => neighbour.on(channelId) ?? []);
    return self === undefined ? others : [self, ...others];
  }

  all(): readonly ChannelPeer[] {
    const alive = new Map<string, ChannelPeer>([[this.#self.address, this.#self.alive()]]);
    for (const { id } of this.#channels.all()) for (const peer of this.peers(id)) alive.set(peer.address, peer);
    return [...alive.values()];
  }

  /** A connection to a peer that is being watched. */
  client(address: string): RpcClient | undefined {
    return this.#byAddress.get(address)?.client;
  }

  suspect({ address }: ChannelPeer): void {
    this.#byAddress.get(address)?.suspect();
  }

  /** Looks at the configurations again: when a channel was joined or changed. */
  refresh(): void {
    const anchors = new Map<string, string>();
    for (const { ledger } of this.#channels.all()) {
      for (const { mspId, anchorPeers } of ledger.config.applications) {
        for (const { host, port } of anchorPeers) anchors.set(`${host}:${port}`, mspId);
      }
    }
    for (const [address, mspId] of anchors) this.#watch({ address, mspId });
    for (const neighbour of this.#byAddress.values()) neighbour.refresh();
  }

  close(): void {
    this.#stopped = true;
    for (const neighbour of this.#byAddress.values()) neighbour.stop();
    this.#byAddress.clear();
  }

  /** Watches a peer that another one knows of. */
  #sight(sighting: Sighting): void {
    const { address, mspId } = sighting;
    if (this.#isKnown(address)) return;
    const sighted = (this.#sighted.get(mspId) ?? 0) + 1;
    if (sighted > MAX_SIGHTED) {
      this.#log.warn({ address, mspId }, "too many peers of one organization; this one is left out");
      return;
    }
    this.#sighted.set(mspId, sighted);
    this.#watch(sighting);
  }

  #isKnown(address: string): boolean {
    return address === this.#self.address || this.#byAddress.has(address);
  }

  #watch({ address, mspId }: Sighting): void {
    if (this.#stopped || this.#isKnown(address)) return;
    const client = this.#connect(address, mspId);
    if (client === undefined) return;
    const neighbour = new Neighbour({
      address,
      client,
      signer: this.#signer,
      tlsCertHash: tlsCertificateHash(this.#tls.cert),
      channels: () => this.#shared(mspId),
      sighted: (sighting) => this.#sight(sighting),
      isKnown: (known) => this.#isKnown(known),
    });
    this.#byAddress.set(address, neighbour);
    neighbour.watch().catch((error: unknown) => {
      this.#log.error({ address, error: messageOf(error) }, "stopped watching a peer");
      this.#byAddress.delete(address);
    });
  }

  /** Undefined where the configuration does not say, or not usably, whom to trust there: that must not hold up the blocks. */
  #connect(address: string, mspId: string): RpcClient | undefined {
    const roots = this.#tlsRoots(mspId);
    if (roots === undefined) return undefined;
    try {
      return new RpcClient(address, clientCredentials(roots, this.#tls));
    } catch (error) {
      this.#log.error({ address, mspId, error: messageOf(error) }, "no connection can be made with these TLS roots");
      return undefined;
    }
  }

  /** The channels of which an organization is a member, as configured now. */
  #shared(mspId: string): { id: string; msps: ChannelBundle["msps"] }[] {
    return this.#channels
      .all()
      .filter(({ ledger }) => ledger.config.applications.some((one) => one.mspId === mspId))
      .map(({ id, ledger }) => ({ id, msps: ledger.config.msps }));
  }

  #tlsRoots(mspId: string): Buffer | undefined {
    const organizations = this.#channels
      .all()
      .flatMap(({ ledger }) => ledger.config.applications.filter((one) => one.mspId === mspId));
    const roots = organizations.flatMap((one) => [...one.tlsRootCerts, ...one.tlsIntermediateCerts]);
    return roots.length > 0 ? joinPem(roots) : undefined;
  }
}
