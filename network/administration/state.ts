import type { Words } from "@wanlian/protocol/language.js";
import type { Config } from "@wanlian/protocol/messages/configuration.js";
import type { PublicMsp } from "../certificates/msp-folder.js";
import type { OrdererCertificates } from "../channel/consensus.js";
import { NetworkError } from "../error.js";
import type { OrdererPlace } from "../topology/topology.js";
import type { ChannelStatus } from "./calls/participation.js";
import type { PeerClient } from "./calls/peer.js";
import { wantedDefinition } from "./contracts/definition.js";
import {
  approvedPackage,
  type CommittedDefinition,
  committedDefinition,
  type Definition,
  installedPackages,
  readiness,
} from "./contracts/lifecycle.js";
import { type ContractPackage, contractPackage } from "./contracts/package.js";
import { configIn, informantOf } from "./informant.js";
import type { DepartmentPeer, Network } from "./network.js";

/** Something was asked: the answer, or why there is none. */
export type Answer<T> =
  | { readonly kind: "answer"; readonly value: T }
  | { readonly kind: "failed"; readonly reason: Words }
  /** Only the organisation's own administrator may ask, and the key is not here. */
  | { readonly kind: "withheld" };

/** How an orderer stands to the channel; undefined where it has not joined. */
export interface OrdererState {
  readonly place: OrdererPlace;
  readonly channel: Answer<ChannelStatus | undefined>;
}

/** How a peer stands to the channel and the contracts. */
export interface PeerState extends DepartmentPeer {
  readonly joined: Answer<boolean>;
  readonly package: ContractPackage;
  readonly installed: Answer<boolean>;
}

/** What an administrator's machine can find out about the network. */
export interface NetworkState {
  readonly orderers: readonly OrdererState[];
  readonly peers: readonly PeerState[];
  /** The public certificates of the topology's departments. */
  readonly msps: ReadonlyMap<string, PublicMsp>;
  /** By name, the certificates of the topology's orderers, as far as they are here. */
  readonly ordererCertificates: ReadonlyMap<string, OrdererCertificates>;
  /** The organisations whose administrator's key is here. */
  readonly own: ReadonlySet<string>;
  /** The configuration in force; undefined while no peer is on the channel. */
  readonly config: Config | undefined;
  /** The definition of the contracts in force; undefined before the first. */
  readonly definition: CommittedDefinition | undefined;
  /** Which departments have approved the definition that the topology asks for. */
  readonly approvals: ReadonlyMap<string, boolean>;
  /**
   * The package with which a department approved it, as far as it can be asked here; undefined where its own peer does not
   * know, as one that has begun with an empty folder: it finds the package that it runs by the hash, which stands in the blocks.
   */
  readonly approvedPackages: ReadonlyMap<string, string | undefined>;
}

/** Asks every peer and orderer. What does not answer is in the result as such; nothing is changed. */
export async function observe(network: Network): Promise<NetworkState> {
  const [orderers, peers] = await Promise.all([
    Promise.all(network.topology.orderers.nodes.map((place) => observeOrderer(network, place))),
    Promise.all(network.peers.map((peer) => observePeer(network, peer))),
  ]);
  const own = new Set([...network.msps.keys()].filter((mspId) => network.canActFor(mspId)));
  const { msps, ordererCertificates } = network;
  const seen = { orderers, peers, msps, ordererCertificates, own };
  if (!network.hasDepartment) return { ...seen, ...NOTHING_KNOWN, config: await configOfOrderers(network, orderers) };
  const onChannel = peers.filter(({ joined }) => isAnswer(joined, true));
  return { ...seen, ...(await observeChannel(network, onChannel)) };
}

/** What an ordering service of its own knows of the channel: the configuration that it orders by. */
async function configOfOrderers(network: Network, orderers: readonly OrdererState[]): Promise<Config | undefined> {
  const joined = orderers.some(({ channel }) => channel.kind === "answer" && channel.value !== undefined);
  return joined ? configIn(await (await informantOf(network)).configurationBlock()) : undefined;
}

type ChannelState = Pick<NetworkState, "config" | "definition" | "approvals" | "approvedPackages">;

const NOTHING_KNOWN = { definition: undefined, approvals: new Map(), approvedPackages: new Map() } as const;

async function observeChannel(network: Network, peers: readonly DepartmentPeer[]): Promise<ChannelState> {
  const [informant] = peers;
  if (!informant) return { ...NOTHING_KNOWN, config: undefined };
  const client = network.peer(informant);
  const { channel, topology } = network;
  const inForce = () => committedDefinition(client, channel, topology.contracts.name);
  const definition = await inForce();
  try {
    return {
      config: await currentConfig(client, channel),
      definition,
      ...(await approvalsOf(network, peers, client, definition)),
    };
  } catch (error) {
    if (!(error instanceof NetworkError) || error.code !== "REFUSED") throw error;
    // Who has approved the next definition cannot be asked once it is in force: another run may just have put it there.
    if ((await inForce())?.sequence === definition?.sequence) throw error;
    return observeChannel(network, peers);
  }
}

async function approvalsOf(
  network: Network,
  peers: readonly DepartmentPeer[],
  client: PeerClient,
  definition: CommittedDefinition | undefined,
): Promise<Pick<ChannelState, "approvals" | "approvedPackages">> {
  const { inForce, ...wanted } = wantedDefinition(network.topology, definition);
  return {
    approvals: inForce && definition ? definition.approvals : await readiness(client, network.channel, wanted),
    approvedPackages: await packagesApproved(network, peers, wanted),
  };
}

/** The configuration in force on a peer. */
export async function currentConfig(peer: PeerClient, channel: string): Promise<Config> {
  return configIn(await peer.configBlock(channel));
}

async function observeOrderer(network: Network, place: OrdererPlace): Promise<OrdererState> {
  if (!network.canActFor(place.organisation)) return { place, channel: { kind: "withheld" } };
  return { place, channel: await answer(async () => network.participation(place).channel(network.channel)) };
}

async function observePeer(network: Network, peer: DepartmentPeer): Promise<PeerState> {
  const client = network.peer(peer);
  const { name } = network.topology.contracts;
  const contracts = await contractPackage(name, peer.place.contracts);
  if (!network.hasDepartment)
    return { ...peer, package: contracts, joined: { kind: "withheld" }, installed: { kind: "withheld" } };
  if (!network.canActFor(peer.mspId))
    return {
      ...peer,
      package: contracts,
      joined: await answersOn(client, network.channel),
      installed: { kind: "withheld" },
    };
  return {
    ...peer,
    package: contracts,
    joined: await answer(async () => (await client.channels()).includes(network.channel)),
    installed: await answer(async () => (await installedPackages(client)).includes(contracts.id)),
  };
}

/** Whether another department's peer is on the channel: then it tells any member how high its ledger is. */
function answersOn(client: PeerClient, channel: string): Promise<Answer<boolean>> {
  return answer(async () => {
    try {
      return (await client.info(channel)).height > 0n;
    } catch (error) {
      if (error instanceof NetworkError && error.code === "REFUSED") return false;
      throw error;
    }
  });
}

async function packagesApproved(
  network: Network,
  peers: readonly DepartmentPeer[],
  definition: Definition,
): Promise<Map<string, string | undefined>> {
  const found = new Map<string, string | undefined>();
  for (const peer of peers) {
    if (!network.canActFor(peer.mspId) || found.has(peer.mspId)) continue;
    found.set(peer.mspId, await approvedPackage(network.peer(peer), network.channel, definition));
  }
  return found;
}

/** Asks, and turns a failure of the network into part of the result. */
export async function answer<T>(ask: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { kind: "answer", value: await ask() };
  } catch (error) {
    if (error instanceof NetworkError) return { kind: "failed", reason: error.text };
    throw error;
  }
}

/** Whether there is an answer and it is this. */
export function isAnswer<T>(given: Answer<T>, value: T): boolean {
  return given.kind === "answer" && given.value === value;
}
