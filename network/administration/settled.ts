import { setTimeout as delay } from "node:timers/promises";
import type { Words } from "@wanlian/protocol/language.js";
import { NetworkError } from "../error.js";
import { seenPeers } from "./calls/discovery.js";
import type { Network } from "./network.js";

/** Real peers hear of each other by gossip, within a minute or so after joining. */
const TIMEOUT_MS = 120_000;
const POLL_MS = 200;

/**
 * Waits until every peer sees every peer of the topology, with the contracts: before that, the gateway cannot plan who has to
 * endorse. Throws `TIMEOUT` and names what is not seen by whom.
 */
export async function awaitDiscovery(network: Network): Promise<void> {
  const deadline = Date.now() + TIMEOUT_MS;
  for (;;) {
    const missing = await unseen(network);
    if (missing.length === 0) return;
    if (Date.now() > deadline)
      throw new NetworkError("TIMEOUT", {
        zh: `${TIMEOUT_MS / 1000} 秒后，${missing.map(({ zh }) => zh).join("；")}。请查看对等节点的日志。`,
        en: `After ${TIMEOUT_MS / 1000} s ${missing.map(({ en }) => en).join("; ")}. Look at the peers' logs.`,
      });
    await delay(POLL_MS);
  }
}

async function unseen(network: Network): Promise<Words[]> {
  const contracts = network.topology.contracts.name;
  const lists = await Promise.all(
    network.peers.map(async (peer) => {
      const seen = await seenPeers(network.peer(peer), network.channel);
      const ready = new Set(
        seen.filter(({ chaincodes }) => chaincodes.includes(contracts)).map(({ endpoint }) => endpoint),
      );
      return network.peers
        .filter(({ place }) => !ready.has(place.address))
        .map(({ mspId, place }) => ({
          zh: `${peer.mspId} 看不到 ${mspId} 运行合约的 ${place.name}`,
          en: `${peer.mspId} does not see ${place.name} of ${mspId} with the contracts`,
        }));
    }),
  );
  return lists.flat();
}
