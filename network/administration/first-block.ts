import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { genesisBlock } from "../channel/genesis.js";
import { readMaterial } from "../channel/material.js";
import { isNoSuchFile, writeWhole } from "../processes/files.js";
import { fetchBlock } from "./calls/orderer.js";
import type { Network } from "./network.js";
import type { NetworkState } from "./state.js";

/**
 * Block 0 of the channel, kept in genesis/ beside the topology file. It is made once and by one: another, though of the same
 * topology, would be another channel. Where an orderer has the channel already, its block is fetched.
 */
export async function firstBlock(network: Network, state: Pick<NetworkState, "orderers">): Promise<Uint8Array> {
  const path = join(network.base, "genesis", `${network.channel}.block`);
  try {
    return await readFile(path);
  } catch (error) {
    if (!isNoSuchFile(error)) throw error;
  }
  const block =
    (await fetched(network, state)) ??
    genesisBlock(network.topology, await readMaterial(network.base, network.topology));
  await writeWhole(path, block);
  return block;
}

async function fetched(
  network: Network,
  { orderers }: Pick<NetworkState, "orderers">,
): Promise<Uint8Array | undefined> {
  const joined = orderers.find(({ channel }) => channel.kind === "answer" && channel.value !== undefined);
  if (!joined) return undefined;
  const { identity } = network.anyAdministrator(joined.place.organisation);
  return fetchBlock(network.orderer(joined.place), network.channel, 0n, identity, network.connections);
}
