import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AccessLog } from "@wanlian/client/log/log.js";
import { TreeReader } from "@wanlian/client/log/reader.js";
import { TreeTail } from "@wanlian/client/log/tail.js";
import { HASH_BYTES } from "@wanlian/model/merkle.js";
import { noteSigner } from "@wanlian/model/note.js";
import { percentile } from "./table.js";

/** An access record of two fields with its signatures. */
const RECORD_BYTES = 1800;
const IN_FLIGHT = 256;
const ONE_BY_ONE = 500;
/** One anchor at so many records (design §4). */
const RECORDS_AN_ANCHOR = 10_000;
const PROOFS = 1000;

export interface AppendFigures {
  readonly records: number;
  /** Durable, in groups, with a checkpoint and a consistency proof every 10,000. */
  readonly perSecond: number;
  /** The same log, each record flushed by itself before the next is given. */
  readonly oneByOnePerSecond: number;
  readonly anchorsPerMillion: number;
}

/** Appends with many in flight, and anchors as a node would up to handing the anchor over; then one by one. */
export async function benchAppend(records: number): Promise<AppendFigures> {
  const folder = await mkdtemp(join(tmpdir(), "wanlian-bench-log-"));
  try {
    const log = await AccessLog.open(join(folder, "log"), signer());
    const entry = () => randomBytes(RECORD_BYTES);
    let given = 0;
    let anchors = 0;
    const began = performance.now();
    await Promise.all(
      Array.from({ length: IN_FLIGHT }, async () => {
        while (given < records) {
          given += 1;
          const mine = given;
          await log.append(entry());
          if (mine % RECORDS_AN_ANCHOR === 0) {
            await log.publish();
            anchors += 1;
          }
        }
      }),
    );
    await log.publish();
    const perSecond = given / ((performance.now() - began) / 1000);
    const single = performance.now();
    for (let at = 0; at < ONE_BY_ONE; at += 1) await log.append(entry());
    const oneByOnePerSecond = ONE_BY_ONE / ((performance.now() - single) / 1000);
    await log.close();
    return { records, perSecond, oneByOnePerSecond, anchorsPerMillion: (anchors / given) * 1e6 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

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

function signer() {
  return noteSigner("bench/log/BenchMSP", generateKeyPairSync("ed25519").privateKey);
}
