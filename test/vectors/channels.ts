import { readFileSync } from "node:fs";
import { Block } from "@wanlian/protocol/messages/common.js";

const data = new URL("../../vectors/data/", import.meta.url);

interface ManifestBlock {
  readonly file: string;
  readonly number: number;
  readonly headerHash: string;
  readonly commitHash?: string;
  readonly transactions?: readonly { readonly code: number; readonly shows?: string }[];
  readonly txs?: readonly { readonly validationCode: number; readonly shows?: string }[];
}

/** A recorded block with what real peers made of it. */
export interface RecordedBlock {
  readonly number: bigint;
  readonly headerHash: string;
  readonly block: Block;
  /** Validation codes by the manifest. */
  readonly codes: readonly number[];
  readonly shows: readonly string[];
}

export interface RecordedChannel {
  readonly name: string;
  readonly blocks: readonly RecordedBlock[];
}

const readJson = (path: string): Record<string, unknown> => JSON.parse(readFileSync(new URL(path, data), "utf8"));

function channel(directory: string, blocks: unknown, name = directory): RecordedChannel {
  return {
    name,
    blocks: (blocks as readonly ManifestBlock[]).map(({ file, number, headerHash, transactions, txs }) => {
      const listed = transactions?.map(({ code, shows }) => ({ code, shows })) ?? [];
      const all = txs?.map(({ validationCode, shows }) => ({ code: validationCode, shows })) ?? listed;
      return {
        number: BigInt(number),
        headerHash,
        block: Block.decode(readFileSync(new URL(`${directory}/${file}`, data))),
        codes: all.map(({ code }) => code),
        shows: all.map(({ shows }) => shows ?? ""),
      };
    }),
  };
}

/** Every channel recorded from real Fabric 3.1.5 networks. */
export function recordedChannels(): RecordedChannel[] {
  const first = readJson("fabric-3.1.5/manifest.json");
  return [
    channel("fabric-3.1.5", first.raft, "fabric-3.1.5 raft"),
    channel("fabric-3.1.5", first.bft, "fabric-3.1.5 bft"),
    channel("fabric-3.1.5-full", readJson("fabric-3.1.5-full/manifest.json").blocks),
    channel("fabric-3.1.5-sealed", readJson("fabric-3.1.5-sealed/manifest.json").pilot),
    channel("fabric-3.1.5-more", readJson("fabric-3.1.5-more/manifest.json").pilot),
  ];
}
