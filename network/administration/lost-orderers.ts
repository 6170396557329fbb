import { NetworkError } from "../error.js";
import { endpointName } from "./calls/connection.js";
import { fetchBlock } from "./calls/orderer.js";
import type { Network } from "./network.js";
import { answer } from "./state.js";

/**
 * Where no orderer hands out the channel and a peer has it, the orderers have lost it. One that began it anew, with block 0,
 * would make other blocks of numbers that departments have: a second ledger.
 * @throws NetworkError DAMAGED with the way back
 */
export async function expectNoLostChannel(network: Network): Promise<void> {
  const { channel, connections, topology } = network;
  for (const place of topology.orderers.nodes) {
    const { identity } = network.anyAdministrator(place.organisation);
    const source = { orderer: network.orderer(place), channel, identity, connections };
    if ((await answer(() => fetchBlock(source, 0n))).kind === "answer") return;
  }
  const holding = await Promise.all(
    network.peers.map(async (peer) => {
      const client = network.peer(peer);
      return (await client.hasChannel(channel)) === true ? [endpointName(client.endpoint)] : [];
    }),
  );
  const [holder] = holding.flat();
  if (holder === undefined) return;
  const text = {
    zh: `${holder.zh} 已有通道 ${channel}，而没有排序节点有它：排序节点丢失了区块，从区块 0 重来会使账本分叉。请先启动其余排序节点；都已丢失时，由部门导出区块（wanlian network blocks），再在排序节点处重建（wanlian network rebuild）。`,
    en: `${holder.en} has the channel ${channel}, and no orderer has: they have lost it, and beginning it anew would split the ledger. Start the other orderers; where all are lost, a department writes the blocks ("wanlian network blocks") and the ordering service makes its own from them ("wanlian network rebuild").`,
  };
  throw new NetworkError("DAMAGED", text, { details: { channel } });
}
