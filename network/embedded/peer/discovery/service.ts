import type { ChannelBundle } from "@wanlian/protocol/configuration/channel-bundle.js";
import { ValueName } from "@wanlian/protocol/configuration/paths.js";
import { messageOf } from "@wanlian/protocol/errors.js";
import type { ConfigGroup } from "@wanlian/protocol/messages/configuration.js";
import {
  type ConfigResult,
  type DiscoveredPeer,
  type DiscoveredPeers,
  type DiscoveryQuery,
  DiscoveryRequest,
  type DiscoveryResponse,
  type QueryResult,
  QueryResult as QueryResultType,
  type SignedRequest,
} from "@wanlian/protocol/messages/discovery.js";
import { FabricMSPConfig, MSPConfig } from "@wanlian/protocol/messages/msp.js";
import type { ChaincodeInterest } from "@wanlian/protocol/messages/proposal.js";
import type { SignedData } from "@wanlian/protocol/policies/policy.js";
import type { AccessControl } from "../access.js";
import type { Channels } from "../channels.js";
import { PeerError } from "../errors.js";
import type { ChannelPeer, Membership } from "../planning/membership.js";
import type { Plannings } from "../planning/plannings.js";
import { runningChaincodes } from "./running.js";
import type { Self } from "./self.js";

/** Unknown and forbidden look the same from outside. */
const ACCESS_DENIED = "access denied";

/** Tells who is on a channel, how it is configured, and who has to endorse what (Fabric's discovery/service.go). */
export class DiscoveryService {
  readonly #self: Self;
  readonly #channels: Channels;
  readonly #access: AccessControl;
  readonly #membership: Membership;
  readonly #plannings: Plannings;

  constructor(parts: {
    self: Self;
    channels: Channels;
    access: AccessControl;
    membership: Membership;
    plannings: Plannings;
  }) {
    this.#self = parts.self;
    this.#channels = parts.channels;
    this.#access = parts.access;
    this.#membership = parts.membership;
    this.#plannings = parts.plannings;
  }

  /** @param tlsCertHash of the certificate that the client showed, where the connection asks for one. */
  async discover({ payload, signature }: SignedRequest, tlsCertHash?: Uint8Array): Promise<DiscoveryResponse> {
    const { authentication, queries } = DiscoveryRequest.decode(payload);
    if (authentication === undefined) {
      throw new PeerError("ACCESS_DENIED", "access denied, no authentication info in request");
    }
    const { clientIdentity, clientTlsCertHash } = authentication;
    if (clientIdentity.length === 0) {
      throw new PeerError("ACCESS_DENIED", "access denied, client identity wasn't supplied");
    }
    if (tlsCertHash !== undefined && Buffer.compare(tlsCertHash, clientTlsCertHash) !== 0) {
      throw new PeerError("ACCESS_DENIED", "client claimed TLS hash doesn't match computed TLS hash from gRPC stream");
    }
    const signed = { identity: clientIdentity, data: payload, signature };
    const results: QueryResult[] = [];
    for (const query of queries) results.push(await this.#answer(query, signed));
    return { results };
  }

  async #answer(query: DiscoveryQuery, signed: SignedData): Promise<QueryResult> {
    try {
      await this.#authorize(query.channel, signed);
    } catch {
      // Why is nobody's business who is denied.
      return failed(ACCESS_DENIED);
    }
    try {
      return await this.#dispatch(query);
    } catch (error) {
      return failed(messageOf(error));
    }
  }

  /** Writers may ask, and the channel's peers, which find each other here instead of by gossip. */
  async #authorize(channelId: string, signed: SignedData): Promise<void> {
    if (channelId === "") return this.#access.checkLocal("Admins", signed);
    await this.#access.checkDiscovery(channelId, signed);
  }

  async #dispatch(query: DiscoveryQuery): Promise<QueryResult> {
    const config = this.#channels.get(query.channel)?.ledger.config;
    if (config === undefined) {
      if (query.localPeers === undefined) return failed("unknown or missing request type");
      return members(await this.#describe(this.#membership.all()));
    }
    if (query.configQuery !== undefined) return QueryResultType.create({ configResult: configResult(config) });
    if (query.peerQuery !== undefined) {
      return members(await this.#describe(await this.#peers(query.channel, query.peerQuery.filter), query.channel));
    }
    if (query.ccQuery !== undefined) return this.#endorsers(query.channel, query.ccQuery.interests);
    return failed("unknown or missing request type");
  }

  async #peers(channelId: string, filter: ChaincodeInterest | undefined): Promise<readonly ChannelPeer[]> {
    if (filter === undefined || filter.chaincodes.length === 0) return this.#membership.peers(channelId);
    return (await this.#plannings.of(channelId)?.planner.members(filter)) ?? [];
  }

  async #endorsers(channelId: string, interests: readonly ChaincodeInterest[]): Promise<QueryResult> {
    if (interests.length === 0) return failed("chaincode query must have at least one chaincode interest");
    const content = [];
    for (const interest of interests) {
      const [first] = interest.chaincodes;
      if (first === undefined) return failed("chaincode interest must contain at least one chaincode");
      if (interest.chaincodes.some(({ name }) => name === "")) {
        return failed("chaincode name in interest cannot be empty");
      }
      try {
        content.push({ chaincode: first.name, ...(await this.#descriptor(channelId, interest)) });
      } catch {
        const names = interest.chaincodes.map(({ name }) => `chaincodes:{name:${JSON.stringify(name)}}`);
        return failed(`failed constructing descriptor for ${names.join(" ")}`);
      }
    }
    return QueryResultType.create({ ccQueryRes: { content } });
  }

  async #descriptor(channelId: string, interest: ChaincodeInterest) {
    const planning = this.#plannings.of(channelId);
    if (planning === undefined) throw new PeerError("NOT_FOUND", `channel '${channelId}' not found`);
    const { groups, layouts } = await planning.planner.plan(interest);
    const endorsersByGroups = new Map<string, DiscoveredPeers>();
    for (const [group, peers] of groups) {
      endorsersByGroups.set(group, {
        peers: (await this.#describe(peers, channelId)).map(({ description }) => description),
      });
    }
    return { endorsersByGroups, layouts: layouts.map((layout) => ({ quantitiesByGroup: new Map(layout) })) };
  }

  /** This peer's own description is made when it is asked for; the others' is what they last said. */
  async #describe(peers: readonly ChannelPeer[], channelId?: string): Promise<ChannelPeer[]> {
    const running = (id: string) => runningChaincodes(this.#plannings, id, this.#self.mspId);
    const described: ChannelPeer[] = [];
    for (const peer of peers) {
      const description = peer.isLocal ? await this.#self.description(channelId, running) : peer.description;
      described.push({ ...peer, description });
    }
    return described;
  }
}

const failed = (content: string): QueryResult => QueryResultType.create({ error: { content } });

function members(peers: readonly ChannelPeer[]): QueryResult {
  const peersByOrg = new Map<string, { peers: DiscoveredPeer[] }>();
  for (const { mspId, description } of peers) {
    const entry = peersByOrg.get(mspId) ?? { peers: [] };
    entry.peers.push(description);
    peersByOrg.set(mspId, entry);
  }
  return QueryResultType.create({ members: { peersByOrg } });
}

function configResult({ config, orderer }: ChannelBundle): ConfigResult {
  const msps = new Map<string, FabricMSPConfig>();
  for (const part of config.channelGroup?.groups.values() ?? []) {
    for (const group of part.groups.values()) {
      const msp = mspOf(group);
      if (msp !== undefined) msps.set(msp.name, msp);
    }
  }
  const orderers = orderer.organizations.map(({ mspId, endpoints }) => {
    const endpoint = endpoints.map((address) => {
      const at = address.lastIndexOf(":");
      return { host: address.slice(0, at), port: Number(address.slice(at + 1)) };
    });
    return [mspId, { endpoint }] as const;
  });
  return { msps, orderers: new Map(orderers) };
}

function mspOf(group: ConfigGroup): FabricMSPConfig | undefined {
  const value = group.values.get(ValueName.MSP);
  return value && FabricMSPConfig.decode(MSPConfig.decode(value.value).config);
}
