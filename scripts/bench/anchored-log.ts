import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { ANCHOR_AT_RECORDS } from "@wanlian/client/log/anchoring.js";
import type { AccessLog } from "@wanlian/client/log/log.js";
import { readConfig } from "@wanlian/client/node/config.js";
import { NodeError } from "@wanlian/client/node/errors.js";
import type { ExchangePart } from "@wanlian/client/node/exchange-part.js";
import type { NodeServices } from "@wanlian/client/node/services.js";
import { type RunningNode, startNode } from "@wanlian/client/node/start.js";
import type { LogState } from "@wanlian/model/nouns/log/log.js";
import type { Pilot } from "../host/pilot.js";

/** An access record of two fields with its signatures. */
const RECORD_BYTES = 1800;
const IN_FLIGHT = 256;
const ONE_BY_ONE = 500;
const LOOK_EVERY_MS = 20;
/** A node ticks the clock, follows its peer and anchors within seconds. */
const PATIENCE_MS = 60_000;

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
 * A department's node of an open pilot, run in this process in place of its own: appends to its log with many in
 * flight while it anchors as it always does, then one by one.
 */
export async function benchAppend(pilot: Pilot, mspId: string, records: number): Promise<AppendFigures> {
  const name = `node-${mspId}`;
  const spec = (await pilot.states()).find((one) => one.spec.name === name)?.spec;
  if (spec === undefined) throw new RangeError(`the pilot has no node of ${mspId}`);
  await pilot.processes.stop(name);
  const config = await readConfig(spec.args.at(-1) ?? "", process.env);
  const running = await startNode(config, (error) => {
    throw error;
  });
  try {
    const log = await openedLog(running);
    const before = await anchorsOf(running.node);
    const { given, seconds } = await fill(log, running.node, records);
    const anchors = (await anchorsOf(running.node)) - before;
    const began = performance.now();
    for (let at = 0; at < ONE_BY_ONE; at += 1) await log.append(randomBytes(RECORD_BYTES));
    const oneByOnePerSecond = ONE_BY_ONE / ((performance.now() - began) / 1000);
    const perSecond = given / seconds;
    return { records: given, perSecond, oneByOnePerSecond, anchorsPerMillion: (anchors / given) * 1e6 };
  } finally {
    await running.stop();
  }
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
  const enough = log.size - ANCHOR_AT_RECORDS;
  await until(async () => (await stateOf(services)).size > enough);
  const seconds = (performance.now() - began) / 1000;
  return { given: (await stateOf(services)).size - first, seconds };
}

/** The log as the ledger has it open, once it has. */
async function openedLog({ node, exchange }: RunningNode): Promise<AccessLog> {
  if (exchange === undefined) throw new RangeError("the node has no exchange");
  await until(async () => hasBegun(exchange));
  await until(async () => (await node.head({ noun: "log", case: node.department })).state !== undefined);
  return exchange.get().exchange.log;
}

function hasBegun(exchange: ExchangePart): boolean {
  try {
    exchange.get();
    return true;
  } catch (error) {
    if (error instanceof NodeError && error.code === "NOT_READY") return false;
    throw error;
  }
}

async function stateOf(services: NodeServices): Promise<LogState> {
  return (await services.head({ noun: "log", case: services.department })).state as LogState;
}

async function anchorsOf(services: NodeServices): Promise<number> {
  return (await services.head({ noun: "log", case: services.department })).act;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error("the node does not anchor its log; its log is on standard error");
    await delay(LOOK_EVERY_MS);
  }
}
