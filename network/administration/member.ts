import { NetworkError } from "../error.js";
import type { PeerClient } from "./calls/peer.js";
import type { Network } from "./network.js";

/** A peer that is on the channel, asked in the name of its own department: whose administrator's key has to be here. */
export async function memberPeer(network: Network): Promise<PeerClient> {
  let reason = "no administrator's key of a department is here";
  for (const peer of network.peers.filter(({ mspId }) => network.canActFor(mspId))) {
    const client = network.peer(peer);
    try {
      if ((await client.channels()).includes(network.channel)) return client;
      reason = `${peer.place.name} of ${peer.mspId} has not joined`;
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      reason = error.message;
    }
  }
  throw new NetworkError("UNREACHABLE", `No peer here is on the channel ${network.channel}: ${reason}.`);
}
