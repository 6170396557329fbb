import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Block } from "@wanlian/protocol/messages/common.js";
import { genesisBlock } from "../channel/genesis.js";
import { readMaterial } from "../channel/material.js";
import { NetworkError } from "../error.js";
import { isNoSuchFile, writeWhole } from "../processes/files.js";
import { fetchBlock } from "./calls/orderer.js";
import type { Network } from "./network.js";
import { answer } from "./state.js";

/**
 * Block 0 of the channel, kept in genesis/ beside the topology file. It is made once and by one: another, though of the same
 * topology, would be another channel. Where an orderer has the channel already, its block is fetched; only whoever administers
 * the orderers makes it. Throws `UNREACHABLE` for others while no orderer has it.
 */
export async function firstBlock(network: Network): Promise<Uint8Array> {
  const kept = await keptFirstBlock(network.base, network.channel);
  if (kept !== undefined) return kept;
  const block = (await fetched(network)) ?? (await made(network));
  await writeWhole(pathOf(network.base, network.channel), block);
  return block;
}

/** Block 0 as it lies here; undefined where it does not. */
export async function keptFirstBlock(base: string, channel: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(pathOf(base, channel));
  } catch (error) {
    if (isNoSuchFile(error)) return undefined;
    throw error;
  }
}

const pathOf = (base: string, channel: string): string => join(base, "genesis", `${channel}.block`);

async function fetched(network: Network): Promise<Uint8Array | undefined> {
  for (const place of network.topology.orderers.nodes) {
    const { identity } = network.anyAdministrator(place.organisation);
    const { channel, connections } = network;
    const source = { orderer: network.orderer(place), channel, identity, connections };
    const attempt = await answer(() => fetchBlock(source, 0n));
    if (attempt.kind === "answer") return Block.encode(attempt.value);
  }
  return undefined;
}

async function made(network: Network): Promise<Uint8Array> {
  const foreign = network.topology.orderers.organisations.find(({ mspId }) => !network.canActFor(mspId));
  if (foreign)
    throw new NetworkError(
      "UNREACHABLE",
      {
        zh: `还没有排序节点加入通道 ${network.channel}；请 ${foreign.mspId} 先运行 "wanlian network apply"。`,
        en: `No orderer has the channel ${network.channel} yet; let ${foreign.mspId} apply first.`,
      },
      { details: { channel: network.channel, mspId: foreign.mspId } },
    );
  return genesisBlock(network.topology, await readMaterial(network.base, network.topology));
}
