import { createPrivateKey } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { REQUEST_LIFE_SECONDS } from "@wanlian/client/access/replay.js";
import { NodeError } from "@wanlian/client/core/node-error.js";
import type { Signer } from "@wanlian/client/core/services.js";
import type { Ask, ConsumerDesk } from "@wanlian/client/exchange/consumer/consumer-desk.js";
import { downloadRelease } from "@wanlian/client/exchange/streams/release-download.js";
import { signWith } from "@wanlian/client/keys/signing.js";
import { openDatabase } from "@wanlian/client/projection/database/database.js";
import type { LedgerPosition } from "@wanlian/client/read/ledger-reader.js";
import { NodeLedger } from "@wanlian/client/read/node-ledger.js";
import { DepartmentExchange } from "@wanlian/client/running/department-exchange.js";
import { auditRoutes } from "@wanlian/client/running/desks/audit-desk.js";
import type { MspId } from "@wanlian/model/identifiers.js";
import { noteSigner } from "@wanlian/model/note.js";
import { addSeconds } from "@wanlian/model/time/instant.js";
import { bundleFromBlock } from "@wanlian/protocol/configuration/bundle.js";
import { Block } from "@wanlian/protocol/messages/common.js";
import { openingOf } from "@wanlian/verify/records/access-record.js";
import { pino } from "pino";
import { FoldedLedger } from "../../client/folded-ledger.js";
import type { Handover } from "../exchange-world.js";
import type { Death } from "./stages.js";

/**
 * One side of an exchange as a process that can be killed: `side-process.js PLAN.json`. It is told by messages what to
 * do; the first lets it begin, so that another can still be running on the same data while this one comes up.
 */
export interface SidePlan extends Handover {
  readonly channel: string;
  readonly addresses: Readonly<Record<string, string>>;
  /** Who asks, on the consumer's side. */
  readonly officer: { readonly certificate: string; readonly privateKey: string };
}

export type Order =
  | { readonly $case: "begin" }
  | { readonly $case: "die"; readonly death: Death }
  /** Requests that were lost are too old to be answered: nothing asks for their records any more in the background. */
  | { readonly $case: "expire" }
  /** Records that were missed are asked for, every receipt is delivered, and a connection is at hand. */
  | { readonly $case: "settle"; readonly provider: MspId }
  /** A checkpoint that covers all. */
  | { readonly $case: "publish" }
  | { readonly $case: "measure" }
  /** Garbage is collected first, so that what is left is what the node keeps. */
  | { readonly $case: "collect" }
  /** All at once. */
  | { readonly $case: "get"; readonly asks: readonly Ask[] };

export type Reply =
  | { readonly $case: "loaded" }
  | { readonly $case: "ready"; readonly address: string }
  | { readonly $case: "done" }
  /** The most memory it ever held, bytes. */
  | { readonly $case: "measured"; readonly peak: number }
  /** What it keeps on the heap and beside it, bytes. */
  | { readonly $case: "collected"; readonly kept: number }
  | { readonly $case: "got"; readonly accesses: readonly (Access | Failure)[] }
  | Failure;

/** What an officer was told to have. */
export interface Access {
  readonly $case: "access";
  readonly records: readonly string[];
  readonly result: string;
}

export interface Failure {
  readonly $case: "failed";
  readonly code: string;
  readonly message: string;
}

let death: Death | undefined;

function pass(point: Death["point"]): void {
  if (death?.point !== point) return;
  death = { point, time: death.time - 1 };
  if (death.time === 0) process.kill(process.pid, "SIGKILL");
}

const plan = JSON.parse(await readFile(process.argv[2] ?? "", "utf8")) as SidePlan;

function signer({ certificate, privateKey }: SidePlan["officer"], before: Death["point"], after?: Death["point"]) {
  const sign = signWith(createPrivateKey(privateKey));
  return {
    mspId: plan.department,
    certificate: Buffer.from(certificate),
    sign: async (bytes: Uint8Array) => {
      pass(before);
      const signature = await sign(bytes);
      if (after !== undefined) pass(after);
      return signature;
    },
  } satisfies Signer;
}

/** A provider asks for a block's hash before it decides, a consumer before it logs a record. */
class AskedLedger extends NodeLedger {
  #passed = 0;

  /** So many seconds have passed on the ledger. */
  passed(seconds: number): void {
    this.#passed = seconds;
  }

  override position(): LedgerPosition {
    const position = super.position();
    return { ...position, time: addSeconds(position.time, this.#passed) };
  }

  override blockHash(number: number): Promise<string | undefined> {
    pass("asks the ledger");
    return super.blockHash(number);
  }
}

let ledger: AskedLedger | undefined;

async function start(): Promise<DepartmentExchange> {
  const { department, directory, channel, addresses, tls } = plan;
  const bundle = bundleFromBlock(Block.decode(Buffer.from(plan.genesis, "base64")).data?.data ?? []);
  const notes = noteSigner(`${channel}/log/${department}`, createPrivateKey(plan.logKey));
  const sign = (text: string) => {
    pass("signs a checkpoint");
    return notes.sign(text);
  };
  // What the side folded lies in its database; nothing is added to it.
  const db = await openDatabase({ directory, url: undefined });
  ledger = new AskedLedger(await FoldedLedger.open(db), db);
  return await DepartmentExchange.start({
    ...{ department, channel, tls, bundle: () => bundle, addresses: new Map(Object.entries(addresses)) },
    nodeSigner: signer(plan.node, "node signs", "node has signed"),
    logSigner: { key: notes.key, sign },
    ledger,
    db,
    dir: join(directory, "exchange"),
    listen: "127.0.0.1:0",
    routes: auditRoutes,
    logger: pino({ level: process.env.WANLIAN_TEST_LOG ?? "silent" }),
  });
}

const officer = signer(plan.officer, "officer signs");
let exchange: DepartmentExchange | undefined;

async function follow(order: Order): Promise<Reply> {
  if (order.$case === "begin") {
    exchange = await start();
    return { $case: "ready", address: exchange.address };
  }
  if (exchange === undefined) throw new Error("not begun");
  switch (order.$case) {
    case "die":
      death = order.death;
      return { $case: "done" };
    case "expire":
      ledger?.passed(REQUEST_LIFE_SECONDS + 1);
      await exchange.missed.ask();
      ledger?.passed(0);
      return { $case: "done" };
    case "settle":
      await exchange.missed.ask();
      await exchange.receipts.settled();
      await exchange.connections.get(order.provider, "/log/v1/checkpoint", 16_384);
      return { $case: "done" };
    case "publish":
      await exchange.log.publish();
      return { $case: "done" };
    case "measure":
      return { $case: "measured", peak: process.resourceUsage().maxRSS * 1024 };
    case "collect":
      return { $case: "collected", kept: keptAfterCollection() };
    case "get": {
      const { consumer } = exchange;
      return { $case: "got", accesses: await Promise.all(order.asks.map((ask) => get(consumer, ask).catch(failure))) };
    }
  }
}

function keptAfterCollection(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  // What the first finalizes, the second takes.
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function get(consumer: ConsumerDesk, ask: Ask): Promise<Access> {
  const records: string[] = [];
  if (ask.way !== "download") {
    const { filed } = await consumer.access(officer, ask);
    return { $case: "access", records: [filed.id], result: filed.signed.record.result };
  }
  let result = "";
  for await (const part of downloadRelease(consumer, officer, ask)) {
    if (part.$case !== "end") continue;
    const { record } = part.filed.signed;
    const opening = openingOf(record);
    records.push(part.filed.id, ...(opening === undefined ? [] : [opening]));
    result = record.result;
  }
  return { $case: "access", records, result };
}

/** What is no error of ours is shown whole: the test does not expect it. */
function failure(error: unknown): Failure {
  if (error instanceof NodeError) return { $case: "failed", code: error.code, message: error.message };
  return { $case: "failed", code: "UNKNOWN", message: error instanceof Error ? String(error.stack) : String(error) };
}

process.on("message", (order: Order) => {
  void follow(order)
    .catch(failure)
    .then((reply) => process.send?.(reply));
});
// Whoever started it is gone.
process.on("disconnect", () => process.exit());
process.send?.({ $case: "loaded" } satisfies Reply);
