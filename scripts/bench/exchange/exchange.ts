import { stat } from "node:fs/promises";
import { Agent, get } from "node:https";
import type { Accessed } from "@wanlian/client/exchange";
import { CsvSource } from "@wanlian/client/exchange/sources/csv-source.js";
import { downloadRelease } from "@wanlian/client/exchange/streams/release-download.js";
import { FEWEST_DEPARTMENTS } from "@wanlian/network/topology/pilot.js";
import { languageOf } from "@wanlian/protocol/language.js";
import { reasonOf } from "@wanlian/verify/records/access-record.js";
import { logIn } from "../../host/decision.js";
import { progressOn } from "../../host/progress.js";
import { type AppendFigures, benchAppend } from "../audit/anchored-log.js";
import { benchProof, type ProofFigures } from "../audit/proofs.js";
import { open, withPilot } from "../bench-pilot.js";
import { keepInFlight } from "../in-flight.js";
import { describeMachine, type Machine, thisMachine } from "../machine.js";
import { describeWarmUp, untilSteady, type WarmUp } from "../steady.js";
import { megabytes, percentile, table } from "../table.js";
import { type ExchangePair, openPair } from "./exchange-pair.js";
import { askRelay } from "./relay.js";
import { benchRowTree, type RowTreeFigures } from "./row-tree.js";

export interface ExchangeWishes {
  /** Records appended. */
  readonly records: number;
  /** Records in the log that proofs are made of. */
  readonly proofRecords: number;
  /** Bytes of the release that is streamed. */
  readonly streamBytes: number;
  readonly firstPort: number;
}

export interface LookupFigures {
  /** Milliseconds: the source alone, and through both nodes with one in flight. */
  readonly sourceP50: number;
  readonly p50: number;
  readonly p99: number;
  readonly perSecond: number;
  /** Through a bare relay of two hops over mutual TLS, with an answer of the same size. */
  readonly relayPerSecond: number;
  readonly warmUp: WarmUp;
}

export interface StreamFigures {
  readonly bytes: number;
  /** MB a second. */
  readonly rate: number;
  readonly plainRate: number;
  /** When a tenth of it had come, and at its end. */
  readonly early: Memory;
  readonly late: Memory;
}

/** Resident bytes of the two processes. */
interface Memory {
  readonly provider: number;
  readonly consumer: number;
}

export interface ExchangeReport {
  readonly machine: Machine;
  readonly append: AppendFigures;
  /** One ledger transaction a record, on the embedded network of three departments. */
  readonly ledgerPerSecond: number;
  readonly proof: ProofFigures;
  readonly lookup: LookupFigures;
  readonly stream: StreamFigures;
  readonly rowTree: RowTreeFigures;
}

const LOOKUP_ROWS = 3000;
const LATENCY_CALLS = 300;
const LOOKUP_SECONDS = 10;
const LOOKUPS_IN_FLIGHT = 32;
const ROW_BYTES = 200;
const ROW_TREE_ROWS = 1_000_000;
const LEDGER_ACTS = 200;
const ACTS_IN_FLIGHT = 64;

export async function benchExchange(wishes: ExchangeWishes): Promise<ExchangeReport> {
  const machine = thisMachine();
  // The stream first: its memory is this process's, which nothing else has grown yet.
  const stream = await onPair(Math.ceil(wishes.streamBytes / ROW_BYTES), benchStream);
  const lookup = await onPair(LOOKUP_ROWS, benchLookup);
  const ledger = await benchOnLedger(wishes);
  const proof = await benchProof(wishes.proofRecords);
  const rowTree = await benchRowTree(ROW_TREE_ROWS);
  return { machine, ...ledger, proof, lookup, stream, rowTree };
}

async function onPair<T>(rows: number, work: (pair: ExchangePair) => Promise<T>): Promise<T> {
  const pair = await openPair(rows, ROW_BYTES);
  try {
    return await work(pair);
  } finally {
    await pair.close();
  }
}

async function benchLookup(pair: ExchangePair): Promise<LookupFigures> {
  const { consumer, officer, source, ask } = pair;
  const key = (at: number) => ({ code: String(at % LOOKUP_ROWS).padStart(9, "0") });
  const csv = new CsvSource(source);
  const direct = await timed(LATENCY_CALLS, (at) => csv.find(key(at), ["code", "name"], 1001));
  const look = (at: number) => consumer.consumer.access(officer, ask({ subject: key(at) }));
  let given = 0;
  const next = async () => void (await look(given++));
  const warmUp = await untilSteady(LOOKUPS_IN_FLIGHT, next);
  const through = await timed(LATENCY_CALLS, look);
  const bare = await benchRelay(pair, await look(given++));
  const { rate, failed, firstFailure } = await keepInFlight(LOOKUPS_IN_FLIGHT, LOOKUP_SECONDS, next);
  if (failed > 0) throw new Error(`${failed} look-ups failed, the first with ${firstFailure}`);
  await consumer.receipts.settled();
  const [sourceP50, p50, p99] = [percentile(direct, 0.5), percentile(through, 0.5), percentile(through, 0.99)];
  return { sourceP50, p50, p99, perSecond: rate, relayPerSecond: bare, warmUp };
}

/** Questions a second through a bare relay, with an answer of as many bytes as a look-up's. */
async function benchRelay(
  { relay, tls, authority }: ExchangePair,
  { filed, payload, proofs }: Accessed,
): Promise<number> {
  const answer = Buffer.byteLength(JSON.stringify({ record: filed.signed, certificate: tls.cert, payload, proofs }));
  const question = Buffer.from(JSON.stringify({ ...filed.signed.record.request, certificate: tls.cert }));
  const agent = new Agent({ cert: tls.cert, key: tls.key, ca: authority, keepAlive: true, maxSockets: 64 });
  try {
    const { rate } = await keepInFlight(LOOKUPS_IN_FLIGHT, LOOKUP_SECONDS, () =>
      askRelay(relay, agent, question, answer),
    );
    return rate;
  } finally {
    agent.destroy();
  }
}

async function benchStream(pair: ExchangePair): Promise<StreamFigures> {
  const { size: bytes } = await stat(pair.source);
  const rate = (began: number) => bytes / 1e6 / ((performance.now() - began) / 1000);
  const plainBegan = performance.now();
  await plainDownload(pair);
  const plainRate = rate(plainBegan);
  const began = performance.now();
  let received = 0;
  let early: Memory | undefined;
  const ask = pair.ask({ way: "download", fields: ["code", "name", "id", "note"] });
  for await (const part of downloadRelease(pair.consumer.consumer, pair.officer, ask)) {
    if (part.$case === "batch") received += part.batch.columns.reduce((sum, column) => sum + column.length, 0);
    else if (part.filed.signed.record.result !== "served") {
      throw new Error(`the stream ended with ${reasonOf(part.filed.signed.record)}`);
    }
    if (early === undefined && received > bytes / 10) early = await memoryOf(pair);
  }
  const late = await memoryOf(pair);
  return { bytes, rate: rate(began), plainRate, early: early ?? late, late };
}

async function memoryOf(pair: ExchangePair): Promise<Memory> {
  return { provider: await pair.providerMemory(), consumer: process.memoryUsage.rss() };
}

function plainDownload({ plain, authority }: ExchangePair): Promise<void> {
  return new Promise((resolve, reject) => {
    get(plain, { ca: authority }, (answer) => {
      answer.on("data", () => undefined);
      answer.once("end", resolve);
    }).once("error", reject);
  });
}

/** On the embedded network of three departments: the log of one of them, anchored, and one act after the other. */
async function benchOnLedger({
  records,
  firstPort,
}: ExchangeWishes): Promise<Pick<ExchangeReport, "append" | "ledgerPerSecond">> {
  return await withPilot(progressOn(process.stderr, languageOf([], process.env)), async (pilot) => {
    const topology = await pilot.up({ departments: FEWEST_DEPARTMENTS, firstPort });
    const [bureau, other] = topology.departments;
    if (bureau === undefined || other === undefined) throw new RangeError("there are no departments");
    await open(pilot, topology, () => undefined);
    const desk = await logIn(pilot.data, bureau, "user", "en");
    let given = 0;
    const began = performance.now();
    await Promise.all(
      Array.from({ length: ACTS_IN_FLIGHT }, async () => {
        while (given < LEDGER_ACTS) {
          given += 1;
          const demand = { name: `bench ${given}`, description: "bench", purpose: "verification", duty: "bench" };
          await desk.file("demands", { ...demand, addressee: other.mspId });
        }
      }),
    );
    const ledgerPerSecond = given / ((performance.now() - began) / 1000);
    return { ledgerPerSecond, append: await benchAppend(pilot, other.mspId, records) };
  });
}

async function timed(calls: number, call: (at: number) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let at = 0; at < calls; at += 1) {
    const began = performance.now();
    await call(at);
    times.push(performance.now() - began);
  }
  return times;
}

export function printExchange({
  machine,
  append,
  ledgerPerSecond,
  proof,
  lookup,
  stream,
  rowTree,
}: ExchangeReport): string {
  const whole = (value: number) => Math.round(value).toLocaleString("en");
  const ratio = (ours: number, bare: number) => (ours / bare).toFixed(2);
  const ms = (value: number) => `${value.toFixed(2)} ms`;
  return [
    describeMachine(machine),
    "",
    table(
      ["", "measured", "goal", "beside"],
      [
        [
          "records appended, durable, anchored, of one flush a record",
          ratio(append.perSecond, append.oneByOnePerSecond),
          "≥ 10",
          `${whole(append.perSecond)} beside ${whole(append.oneByOnePerSecond)} of one flush a record; one ledger transaction a record: ${whole(ledgerPerSecond)}`,
        ],
        ["ledger transactions per million accesses", whole(append.anchorsPerMillion), "≤ 100", "as the node anchored"],
        [`inclusion proof among ${whole(proof.records)} records, p50`, ms(proof.p50), "≤ 1 ms", `p99 ${ms(proof.p99)}`],
        ["size of the proof", `${proof.bytes} B`, "≤ 1,200 B", ""],
        [
          "look-up through both nodes, p50",
          ms(lookup.p50),
          "source + 5 ms",
          `source alone: ${ms(lookup.sourceP50)}; p99 ${ms(lookup.p99)}`,
        ],
        [
          "look-ups a second, of a bare two-hop relay over mutual TLS",
          ratio(lookup.perSecond, lookup.relayPerSecond),
          "≥ 0.50",
          `${whole(lookup.perSecond)} beside ${whole(lookup.relayPerSecond)}; ${describeWarmUp(lookup.warmUp)}`,
        ],
        [
          `release of ${megabytes(stream.bytes)} streamed, of plain HTTPS`,
          ratio(stream.rate, stream.plainRate),
          "≥ 0.60",
          `${whole(stream.rate)} MB/s beside ${whole(stream.plainRate)} MB/s of plain HTTPS of the same file`,
        ],
        [
          `digests and row tree of ${whole(rowTree.cells)} cells, of DuckDB's sha256 of them`,
          ratio(rowTree.ours, rowTree.duckdb),
          "≤ 1.50",
          `${rowTree.ours.toFixed(1)} s beside ${rowTree.duckdb.toFixed(1)} s`,
        ],
        [
          "memory at a tenth of it, and at its end",
          `provider ${megabytes(stream.early.provider)}, ${megabytes(stream.late.provider)}; consumer ${megabytes(stream.early.consumer)}, ${megabytes(stream.late.consumer)}`,
          "flat",
          "",
        ],
      ],
    ),
  ].join("\n");
}
