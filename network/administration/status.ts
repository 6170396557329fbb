import { setTimeout as pause } from "node:timers/promises";
import { headerHash, statedCommitHash } from "@wanlian/protocol/block.js";
import { toHex } from "@wanlian/protocol/bytes.js";
import { NetworkError } from "../error.js";
import { seenPeers } from "./calls/discovery.js";
import { type PeerClient, text } from "./calls/peer.js";
import { type Complaint, complaintsAbout } from "./complaints.js";
import { committedDefinition } from "./contracts/lifecycle.js";
import { expiries } from "./expiry.js";
import { highestOf } from "./heights.js";
import type { DepartmentPeer, Network } from "./network.js";
import type { ObservedNetwork, OrdererStatus, PeerLedger, PeerStatus } from "./observed-network.js";
import { type Answer, answer } from "./state.js";

export interface NetworkStatus extends ObservedNetwork {
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
  const [orderers, asked, certificates] = await Promise.all([
    Promise.all(network.topology.orderers.nodes.map((place) => ordererStatus(network, place))),
    Promise.all(network.peers.map((peer, index) => peerStatus(network, peer, heights[index] ?? WITHHELD, comparedAt))),
    expiries(network),
  ]);
  const ordered = orderers.flatMap(({ channel }) => (channel.kind === "answer" ? [channel.value.height] : []));
  const standing = await standingStill(network, heights, highestOf([...known, ...ordered]));
  const peers = asked.map((peer, index) => ({ ...peer, standsStill: standing.has(index) }));
  const status = { channel: network.channel, comparedAt, orderers, peers, certificates };
  return { ...status, complaints: complaintsAbout(status, network.peers.length) };
}

/** A peer that is behind takes the next block within this time, or something is wrong, in milliseconds. */
const PATIENCE_MS = 3_000;
const LOOK_EVERY_MS = 250;

/** The places of peers that are behind the highest ledger and do not come nearer. */
async function standingStill(
  network: Network,
  heights: readonly Answer<bigint>[],
  highest: bigint,
): Promise<ReadonlySet<number>> {
  const still = network.peers.map(async (peer, index) => {
    const before = heights[index];
    if (before?.kind !== "answer" || before.value >= highest) return [];
    const end = Date.now() + PATIENCE_MS;
    while (Date.now() < end) {
      await pause(LOOK_EVERY_MS);
      const now = await heightOf(network, peer);
      if (now.kind !== "answer" || now.value > before.value) return [];
    }
    return [index];
  });
  return new Set((await Promise.all(still)).flat());
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
  height: Answer<bigint>,
  comparedAt: bigint | undefined,
): Promise<Omit<PeerStatus, "standsStill">> {
  const { mspId, place } = peer;
  const who = { mspId, name: place.name, address: place.address };
  if (!network.hasDepartment)
    return { ...who, ledger: WITHHELD, contracts: WITHHELD, process: WITHHELD, sees: WITHHELD };
  const client = network.peer(peer);
  const { channel, topology } = network;
  const [ledger, contracts, sees] = await Promise.all([
    height.kind === "answer" ? answer(() => ledgerOf(client, channel, height.value, comparedAt ?? 0n)) : height,
    answer(() => committedDefinition(client, channel, topology.contracts.name)),
    answer(async () => (await seenPeers(client, channel)).length),
  ]);
  const runs = contracts.kind === "answer" && contracts.value !== undefined;
  const process: PeerStatus["process"] = runs
    ? await answer(() => askContracts(client, channel, topology.contracts.name))
    : WITHHELD;
  return { ...who, ledger, contracts, process, sees };
}

/** What a peer shows of a block that all have. */
async function ledgerOf(client: PeerClient, channel: string, height: bigint, comparedAt: bigint): Promise<PeerLedger> {
  const block = await client.block(channel, comparedAt);
  const commitHash = statedCommitHash(block);
  return {
    height,
    blockHash: block.header ? toHex(headerHash(block.header)) : "",
    commitHash: commitHash ? toHex(commitHash) : "",
  };
}

const WITHHELD = { kind: "withheld" } as const;

/** A function that any contract answers, if only with the word that it knows none of the name. */
const ANY_FUNCTION = "org.hyperledger.fabric:GetMetadata";
/**
 * How a peer says that there was no contract to ask (core/endorser/endorser.go): its process does not answer, or the peer does
 * not know which it is.
 */
const NOT_SIMULATED = /error in simulation|make sure the chaincode/;

/** @throws NetworkError where the peer has no contracts to ask */
async function askContracts(client: PeerClient, channel: string, chaincode: string): Promise<"answers"> {
  try {
    await client.query({ channel, chaincode, args: [text(ANY_FUNCTION)] });
  } catch (error) {
    if (!(error instanceof NetworkError) || error.code !== "REFUSED" || NOT_SIMULATED.test(error.message)) throw error;
  }
  return "answers";
}
