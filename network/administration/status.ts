import { headerHash, statedCommitHash } from "@wanlian/protocol/block.js";
import { toHex } from "@wanlian/protocol/bytes.js";
import { seenPeers } from "./calls/discovery.js";
import { type Complaint, complaintsAbout } from "./complaints.js";
import { type CommittedDefinition, committedDefinition } from "./contracts/lifecycle.js";
import { type CertificateExpiry, expiries } from "./expiry.js";
import type { DepartmentPeer, Network } from "./network.js";
import { type Answer, answer } from "./state.js";

/** How an orderer does. */
export interface OrdererStatus {
  readonly mspId: string;
  readonly name: string;
  readonly address: string;
  readonly channel: Answer<OrdererChannel>;
}

/** In the orderer's own words; without them it has not joined. */
export interface OrdererChannel {
  readonly height: bigint;
  readonly status: string | undefined;
  readonly relation: string | undefined;
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

export interface NetworkStatus {
  readonly channel: string;
  /** The block that is compared between the peers. */
  readonly comparedAt: bigint | undefined;
  readonly orderers: readonly OrdererStatus[];
  readonly peers: readonly PeerStatus[];
  readonly certificates: readonly CertificateExpiry[];
  /** What is wrong; `describeComplaint` says it, and what to do. */
  readonly complaints: readonly Complaint[];
}

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
  const { name, organisation: mspId, address } = place;
  if (!network.canActFor(mspId)) return { mspId, name, address, channel: { kind: "withheld" } };
  const channel = await answer(async () => {
    const joined = await network.participation(place).channel(network.channel);
    return {
      height: BigInt(joined?.height ?? 0),
      status: joined?.status,
      relation: joined?.consensusRelation,
    };
  });
  return { mspId, name, address, channel };
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
