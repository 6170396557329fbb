import { createPrivateKey, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { NodeServices } from "@wanlian/client/core/services.js";
import { ANCHOR_AT_RECORDS, Anchoring } from "@wanlian/client/ledger-tree/anchoring.js";
import { LedgerTree } from "@wanlian/client/ledger-tree/ledger-tree.js";
import { localDisk } from "@wanlian/client/log/disk.js";
import { AccessLog } from "@wanlian/client/log/log.js";
import { TreeReader } from "@wanlian/client/log/reader.js";
import { type NodeConfig, readConfig } from "@wanlian/client/running/machine/config.js";
import { log, startNode } from "@wanlian/client/running/start.js";
import type { LogState } from "@wanlian/model/model-1/log/log.js";
import { noteSigner } from "@wanlian/model/note.js";
import type { Pilot } from "../../host/pilot.js";
import { type Patience, until } from "../../host/until.js";

/** An access record of two fields with its signatures. */
const RECORD_BYTES = 1800;
const IN_FLIGHT = 256;
const ONE_BY_ONE = 500;
/** A node ticks the clock, follows its peer and anchors within seconds. */
const PATIENCE: Patience = {
  withinMs: 60_000,
  otherwise: "the node does not anchor its log; its log is on standard error",
};

export interface AppendFigures {
  readonly records: number;
  /** Durable, and under an anchor that counts on the ledger. */
  readonly perSecond: number;
  /** The same log, each record flushed by itself before the next is given. */
  readonly oneByOnePerSecond: number;
  /** Transactions on the ledger that anchored them. */
  readonly anchorsPerMillion: number;
}

/**
 * A department's node of an open pilot, run in this process in place of its own: its log takes records with many in
 * flight while it is anchored as always, then takes them one by one. The gateway, and the index of accesses, which
 * follows the log at its own pace, are left out.
 */
export async function benchAppend(pilot: Pilot, mspId: string, records: number): Promise<AppendFigures> {
  const name = `node-${mspId}`;
  const config = await configOf(pilot, name);
  const folder = join(config.dataDir, "exchange");
  await pilot.processes.stop(name);
  const key = createPrivateKey(await readFile(join(folder, "log-key.pem")));
  const { node, stop } = await startNode({ ...config, exchange: undefined }, fail);
  const anchors = new AbortController();
  const signer = noteSigner(`${node.channel}/log/${mspId}`, key);
  const accessLog = await AccessLog.open(join(folder, "log"), signer);
  const disk = localDisk(join(folder, "log"));
  const reader = () => new TreeReader((path) => disk.read(path), accessLog.published);
  const tree = new LedgerTree(node.db);
  const anchoring = new Anchoring({
    services: node,
    log: accessLog,
    reader,
    signer,
    tree,
    others: async () => new Map(),
    logger: log,
  });
  const running = anchoring.run(anchors.signal);
  try {
    await until(async () => (await stateOf(node)) !== undefined, PATIENCE);
    const before = await actsOf(node);
    const { given, seconds } = await fill(accessLog, node, records);
    const acts = (await actsOf(node)) - before;
    const began = performance.now();
    for (let at = 0; at < ONE_BY_ONE; at += 1) await accessLog.append(randomBytes(RECORD_BYTES));
    const oneByOnePerSecond = ONE_BY_ONE / ((performance.now() - began) / 1000);
    return { records: given, perSecond: given / seconds, oneByOnePerSecond, anchorsPerMillion: (acts / given) * 1e6 };
  } finally {
    anchors.abort();
    await running;
    await accessLog.close();
    await stop();
  }
}

/** How a node of the pilot is configured. */
async function configOf(pilot: Pilot, name: string): Promise<NodeConfig> {
  const spec = (await pilot.states()).find((one) => one.spec.name === name)?.spec;
  if (spec === undefined) throw new RangeError(`the pilot has no ${name}`);
  return await readConfig(spec.args.at(-1) ?? "", process.env);
}

/** Appends so many, and gives how many of them were anchored, and in what time: a last few wait for the next anchor. */
async function fill(
  log: AccessLog,
  services: NodeServices,
  records: number,
): Promise<{ readonly given: number; readonly seconds: number }> {
  const first = log.size;
  let begun = 0;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      while (begun < records) {
        begun += 1;
        await log.append(randomBytes(RECORD_BYTES));
      }
    }),
  );
  const anchored = async () => (await stateOf(services))?.size ?? 0;
  await until(async () => (await anchored()) > log.size - ANCHOR_AT_RECORDS, PATIENCE);
  const seconds = (performance.now() - began) / 1000;
  return { given: (await anchored()) - first, seconds };
}

/** The log as the ledger has it; undefined before it is opened. */
async function stateOf(services: NodeServices): Promise<LogState | undefined> {
  return (await services.head({ noun: "log", case: services.department })).state as LogState | undefined;
}

async function actsOf(services: NodeServices): Promise<number> {
  return (await services.head({ noun: "log", case: services.department })).act;
}

function fail(error: unknown): never {
  throw error;
}
