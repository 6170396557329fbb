import { awaitCommit, type CommitPlace } from "./calls/commit.js";
import type { Administrator } from "./calls/connection.js";
import { broadcast } from "./calls/orderer.js";
import { endorse, type PeerClient } from "./calls/peer.js";
import { assemble, type Invocation, propose } from "./calls/proposal.js";
import { awaitCaughtUp } from "./catch-up.js";
import { highestOf } from "./heights.js";
import type { Network } from "./network.js";

/** A block comes within a second or so; a Raft election or a BFT view change can take twenty. */
const COMMIT_TIMEOUT_MS = 60_000;

/**
 * Lets these peers endorse a call, hands it to the orderers, and waits until the first of the peers has committed it. Throws
 * `REFUSED`, `UNREACHABLE` or `TIMEOUT`; the call can be repeated then, since what it does is done once only.
 */
export async function transact(
  network: Network,
  invocation: Invocation,
  peers: readonly [PeerClient, ...PeerClient[]],
  as: Administrator,
): Promise<CommitPlace> {
  const [first] = peers;
  await level(peers, invocation.channel);
  const proposal = propose(invocation, as.identity);
  const { result, endorsements } = await endorse(proposal, peers);
  const { height } = await first.info(invocation.channel);
  const envelope = assemble(proposal, result, endorsements, as.identity);
  await broadcast(envelope, network.orderers, network.connections, reachOf(network));
  return awaitCommit(first, invocation.channel, height, proposal.transactionId, COMMIT_TIMEOUT_MS);
}

/** Waits until all peers have what the furthest has: those that have not would come to another result. */
async function level(peers: readonly PeerClient[], channel: string): Promise<void> {
  if (peers.length === 1) return;
  const heights = await Promise.all(peers.map(async (peer) => (await peer.info(channel)).height));
  const highest = highestOf(heights);
  await Promise.all(peers.map((peer) => awaitCaughtUp(peer, channel, highest)));
}

/** Under BFT one orderer could keep an envelope for itself. */
export function reachOf({ topology }: Pick<Network, "topology">): "one" | "all" {
  return topology.consensus === "bft" ? "all" : "one";
}
