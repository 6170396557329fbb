import { TreeReader } from "@wanlian/client/log/reader.js";
import { TreeTail } from "@wanlian/client/log/tail.js";
import { HASH_BYTES } from "@wanlian/model/merkle.js";
import { percentile } from "../table.js";

const PROOFS = 1000;

export interface ProofFigures {
  readonly records: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly bytes: number;
}

/** Inclusion proofs of random records, from tiles as they lie on disk; the tiles are held in memory here. */
export async function benchProof(records: number): Promise<ProofFigures> {
  const tiles = new Map<string, Uint8Array>();
  const tail = TreeTail.empty();
  const keep = (files: readonly { path: string; bytes: Uint8Array }[]) => {
    for (const { path, bytes } of files) if (!path.startsWith("tile/entries")) tiles.set(path, bytes);
  };
  const entry = Buffer.alloc(8);
  for (let at = 0; at < records; at += 1) {
    entry.writeDoubleBE(at);
    keep(tail.grow([Uint8Array.from(entry)]));
  }
  keep(tail.edge());
  const reader = new TreeReader(async (path) => tiles.get(path), { size: tail.size, root: tail.root() });
  const times: number[] = [];
  let bytes = 0;
  for (let i = 0; i < PROOFS; i += 1) {
    const began = performance.now();
    const proof = await reader.inclusion(Math.floor(Math.random() * records));
    times.push(performance.now() - began);
    bytes = Math.max(bytes, proof.length * HASH_BYTES);
  }
  return { records, p50: percentile(times, 0.5), p99: percentile(times, 0.99), bytes };
}
