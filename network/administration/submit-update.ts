import { HeaderType } from "@wanlian/protocol/messages/common.js";
import { type UpdateFile, updateEnvelope } from "../channel/update-file.js";
import { followUntil } from "./calls/commit.js";
import { broadcast } from "./calls/orderer.js";
import type { PeerClient } from "./calls/peer.js";
import type { Network } from "./network.js";
import { reachOf } from "./transaction.js";

/** As long as other transactions get. */
const CONFIG_TIMEOUT_MS = 60_000;

/** Hands a signed update to the orderers and waits until a peer has it. Gives the block it stands in. */
export async function submitUpdate(network: Network, file: UpdateFile, peer: PeerClient): Promise<{ block: bigint }> {
  const { height } = await peer.info(network.channel);
  const envelope = updateEnvelope(file, peer.identity);
  await broadcast(envelope, network.orderers, network.connections, reachOf(network));
  return followUntil(
    peer,
    network.channel,
    height,
    ({ number, filteredTransactions }) =>
      filteredTransactions.some(({ type }) => type === HeaderType.CONFIG) ? { block: number } : undefined,
    CONFIG_TIMEOUT_MS,
  );
}
