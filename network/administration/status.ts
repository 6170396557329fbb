import { headerHash, statedCommitHash } from "@wanlian/protocol/block.js";
import { toHex } from "@wanlian/protocol/bytes.js";
import { seenPeers } from "./calls/discovery.js";
import { type CommittedDefinition, committedDefinition } from "./contracts/lifecycle.js";
import { type CertificateExpiry, expiries } from "./expiry.js";
import { highestOf } from "./heights.js";
import type { DepartmentPeer, Network } from "./network.js";
import { type Answer, answer } from "./state.js";

/** How an orderer does. */
export interface OrdererStatus {
  readonly name: string;
  readonly address: string;
  readonly channel: Answer<{ readonly height: bigint; readonly status: string; readonly relation: string }>;
}

/** How a peer does. */
export interface PeerStatus {
  readonly mspId: string;
  readonly name: string;
  readonly address: string;
  readonly ledger: Answer<PeerLedger>;
  readonly contracts: Answer<CommittedDefinition | undefined>;
  /** How many of the topology's peers it sees. */
  readonly sees: Answer<number>;
}

export interface PeerLedger {
  readonly height: bigint;
  /** Hashes of the highest block that every peer has, hexadecimal. */
  readonly blockHash: string;
  readonly commitHash: string;
}

/** What is wrong, and what to do about it. */
export interface Complaint {
  readonly what: string;
  readonly remedy: string;
}

export interface NetworkStatus {
  readonly channel: string;
  /** The block that is compared between the peers. */
  readonly comparedAt: bigint | undefined;
  readonly orderers: readonly OrdererStatus[];
  readonly peers: readonly PeerStatus[];
  readonly certificates: readonly CertificateExpiry[];
  readonly complaints: readonly Complaint[];
}

/** Certificates that end sooner are complained about: a month is time to have new ones made and put in place. */
const EXPIRY_NOTICE_DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1000;
/** A peer this far behind the highest is not just busy. */
const TOLERATED_LAG = 20n;

/** Asks every orderer and peer how it does, and compares what they say. */
export async function networkStatus(network: Network): Promise<NetworkStatus> {
  const heights = await Promise.all(network.peers.map((peer) => heightOf(network, peer)));
  const known = heights.flatMap((height) => (height.kind === "answer" ? [height.value] : []));
  const lowest = known.reduce<bigint | undefined>(
    (least, height) => (least === undefined || height < least ? height : least),
    undefined,
  );
  const comparedAt = lowest === undefined ? undefined : lowest - 1n;
  const [orderers, peers, certificates] = await Promise.all([
    Promise.all(network.topology.orderers.nodes.map((place) => ordererStatus(network, place))),
    Promise.all(network.peers.map((peer, index) => peerStatus(network, peer, heights[index], comparedAt))),
    expiries(network),
  ]);
  const status = { channel: network.channel, comparedAt, orderers, peers, certificates };
  return { ...status, complaints: complaintsAbout(status, network.peers.length) };
}

function heightOf(network: Network, peer: DepartmentPeer): Promise<Answer<bigint>> {
  return answer(async () => (await network.peer(peer).info(network.channel)).height);
}

async function ordererStatus(
  network: Network,
  place: Network["topology"]["orderers"]["nodes"][number],
): Promise<OrdererStatus> {
  if (!network.canActFor(place.organisation))
    return { name: place.name, address: place.address, channel: { kind: "withheld" } };
  const channel = await answer(async () => {
    const joined = await network.participation(place).channel(network.channel);
    return {
      height: BigInt(joined?.height ?? 0),
      status: joined?.status ?? "not joined",
      relation: joined?.consensusRelation ?? "-",
    };
  });
  return { name: place.name, address: place.address, channel };
}

async function peerStatus(
  network: Network,
  peer: DepartmentPeer,
  height: Answer<bigint> | undefined,
  comparedAt: bigint | undefined,
): Promise<PeerStatus> {
  const { mspId, place } = peer;
  if (!network.hasDepartment) {
    const withheld = { kind: "withheld" } as const;
    return { mspId, name: place.name, address: place.address, ledger: withheld, contracts: withheld, sees: withheld };
  }
  const client = network.peer(peer);
  const { channel, topology } = network;
  const [ledger, contracts, sees] = await Promise.all([
    answer(async () => {
      const block = await client.block(channel, comparedAt ?? 0n);
      if (!block.header || height?.kind !== "answer") return { height: 0n, blockHash: "", commitHash: "" };
      const commitHash = statedCommitHash(block);
      return {
        height: height.value,
        blockHash: toHex(headerHash(block.header)),
        commitHash: commitHash ? toHex(commitHash) : "",
      };
    }),
    answer(() => committedDefinition(client, channel, topology.contracts.name)),
    answer(async () => (await seenPeers(client, channel)).length),
  ]);
  return { mspId, name: place.name, address: place.address, ledger, contracts, sees };
}

function complaintsAbout(status: Omit<NetworkStatus, "complaints">, peerCount: number): Complaint[] {
  return [
    ...status.orderers.flatMap(ordererComplaints),
    ...status.peers.flatMap((peer) => peerComplaints(peer, peerCount)),
    ...disagreements(status.peers, status.comparedAt),
    ...laggards(status.peers),
    ...status.certificates.flatMap(expiryComplaint),
  ];
}

function ordererComplaints({ name, channel }: OrdererStatus): Complaint[] {
  if (channel.kind === "withheld") return [];
  if (channel.kind === "failed") return [{ what: channel.reason, remedy: `Start ${name}, or look at its log.` }];
  if (channel.value.status === "active") return [];
  return [
    { what: `${name} is ${channel.value.status}`, remedy: 'Run "wanlian network apply", or wait while it catches up.' },
  ];
}

function peerComplaints({ mspId, name, ledger, contracts, sees }: PeerStatus, peerCount: number): Complaint[] {
  const who = `${name} of ${mspId}`;
  if (ledger.kind === "withheld") return [];
  if (ledger.kind === "failed")
    return [{ what: ledger.reason, remedy: `Start ${who}, or let it join with "wanlian network apply".` }];
  const complaints: Complaint[] = [];
  if (contracts.kind === "answer" && contracts.value?.approvals.get(mspId) !== true)
    complaints.push({
      what: `${mspId} has not approved the contracts in force`,
      remedy: `Run "wanlian network apply" at ${mspId}.`,
    });
  if (sees.kind === "answer" && sees.value < peerCount)
    complaints.push({
      what: `${who} sees ${sees.value} of ${peerCount} peers`,
      remedy: "Check that the peers reach each other; after a start, wait half a minute.",
    });
  return complaints;
}

function disagreements(peers: readonly PeerStatus[], at: bigint | undefined): Complaint[] {
  const views = new Map<string, string[]>();
  for (const { mspId, ledger } of peers) {
    if (ledger.kind !== "answer") continue;
    const view = `${ledger.value.blockHash} ${ledger.value.commitHash}`;
    views.set(view, [...(views.get(view) ?? []), mspId]);
  }
  if (views.size <= 1) return [];
  const camps = [...views.values()].map((camp) => camp.join(", ")).join(" against ");
  return [
    {
      what: `The peers disagree on block ${at}: ${camps}`,
      remedy:
        "Stop writing. Compare block and commit hashes downwards to find the first that differs; rebuild the peer that is alone.",
    },
  ];
}

function laggards(peers: readonly PeerStatus[]): Complaint[] {
  const heights = peers.flatMap(({ mspId, ledger }) =>
    ledger.kind === "answer" ? [{ mspId, height: ledger.value.height }] : [],
  );
  const highest = highestOf(heights.map(({ height }) => height));
  return heights
    .filter(({ height }) => highest - height > TOLERATED_LAG)
    .map(({ mspId, height }) => ({
      what: `The peer of ${mspId} is at height ${height}, the highest at ${highest}`,
      remedy: "Look at its log, whether it reaches the orderers.",
    }));
}

function expiryComplaint({ whose, notAfter }: CertificateExpiry): Complaint[] {
  const days = Math.floor((notAfter.getTime() - Date.now()) / DAY_MS);
  if (days >= EXPIRY_NOTICE_DAYS) return [];
  const what = days < 0 ? `has ended on ${notAfter.toISOString()}` : `ends in ${days} days`;
  return [{ what: `The certificate of ${whose} ${what}`, remedy: "Have a new one made and put in its place." }];
}
