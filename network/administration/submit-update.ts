import { type UpdateFile, updateEnvelope } from "../channel/update-file.js";
import { broadcast } from "./calls/orderer.js";
import type { Informant } from "./informant.js";
import type { Network } from "./network.js";
import { reachOf } from "./transaction.js";

/** Hands a signed update to the orderers and waits until it is in force. Gives the block it stands in. */
export async function submitUpdate(
  network: Network,
  file: UpdateFile,
  informant: Informant,
): Promise<{ readonly block: bigint }> {
  const height = await informant.height();
  const envelope = updateEnvelope(file, informant.identity);
  await broadcast(envelope, network.orderers, network.connections, reachOf(network));
  return { block: await informant.nextConfiguration(height) };
}
