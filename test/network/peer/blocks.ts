import { Block, BlockMetadataIndex, Metadata } from "@wanlian/protocol/messages/common.js";
import type { City } from "./city.js";
import { CHANNEL } from "./network.js";

/** The commit hash that a department's peer gives for each of its blocks from 1 on, asked by qscc. */
export async function commitHashes(city: City, mspId: string): Promise<string[]> {
  const client = await city.network.client(mspId);
  const ledger = client.gateway.getNetwork(CHANNEL).getContract("qscc");
  const newest = await block(ledger, String(2n ** 64n - 1n));
  const hashes: string[] = [];
  for (let number = 1n; number <= (newest.header?.number ?? 0n); number++) {
    const { metadata } = await block(ledger, String(number));
    const slot = metadata?.metadata[BlockMetadataIndex.COMMIT_HASH] ?? new Uint8Array(0);
    hashes.push(Buffer.from(Metadata.decode(slot).value).toString("hex"));
  }
  return hashes;
}

type Contract = City["bureau"]["contract"];

async function block(qscc: Contract, number: string): Promise<Block> {
  return Block.decode(await qscc.evaluateTransaction("GetBlockByNumber", CHANNEL, number));
}
