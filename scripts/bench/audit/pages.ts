import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AccessIndex } from "@wanlian/client/access";
import { type AccessTable, type NodeDatabase, openDatabase } from "@wanlian/client/projection";
import type { DatasetId, Instant } from "@wanlian/model/identifiers.js";
import { type Kysely, type RawBuilder, sql } from "kysely";
import { describeMachine, type Machine, thisMachine } from "../machine.js";
import { percentile, table } from "../table.js";

export interface PagesReport {
  readonly machine: Machine;
  readonly records: number;
  readonly questions: readonly QuestionFigures[];
}

/** Milliseconds. */
export interface QuestionFigures {
  readonly name: string;
  readonly clock: { readonly p50: number; readonly p99: number };
  /** Of this process, all threads: what a shared machine does not change as much. */
  readonly processor: { readonly p50: number; readonly p99: number };
}

const DATASETS = 50;
const OFFICERS = 200;
const ROUNDS = 500;
const PAGE_ROWS = 50;
const ROWS_AT_ONCE = 200_000;
/** Accesses of one time of the ledger, whose clock ticks every five minutes. */
const OF_ONE_TIME = 3000;

/** Pages of a node's index of accesses, of which it has so many: rows are put in by SQL, where the log would have them. */
export async function benchPages(records: number): Promise<PagesReport> {
  const machine = thisMachine();
  const directory = await mkdtemp(join(tmpdir(), "wanlian-bench-pages-"));
  const db = await openDatabase({ directory, url: undefined });
  try {
    for (let from = 0; from < records; from += ROWS_AT_ONCE)
      await fill(db, from, Math.min(records, from + ROWS_AT_ONCE));
    const index = new AccessIndex(db, { reader: () => ({ head: { size: 0 } }) as never, tell: () => undefined });
    await index.catchUp();
    const any = (below: number) => Math.floor(Math.random() * below);
    const dataset = () => `CivilMSP/d${any(DATASETS)}` as DatasetId;
    const time = () => timeOf(any(records)) as Instant;
    const limit = PAGE_ROWS;
    const asked: [string, () => Promise<unknown>][] = [
      ["a dataset's accesses, any page", () => index.find({ dataset: dataset() }, { before: 1 + any(records), limit })],
      [
        "an officer's, any page",
        () => index.find({ officer: `03${any(OFFICERS)}` as never }, { before: 1 + any(records), limit }),
      ],
      [
        "a dataset's until any time, the first page",
        () => index.find({ dataset: dataset(), until: time() }, { limit }),
      ],
      [
        "a dataset's within any hour, the first page",
        () => {
          const since = time();
          const until = new Date(Date.parse(since) + 3_600_000).toISOString().replace(".000", "") as Instant;
          return index.find({ dataset: dataset(), since, until }, { limit });
        },
      ],
    ];
    const questions: QuestionFigures[] = [];
    for (const [name, ask] of asked) questions.push(await measure(name, ask));
    return { machine, records, questions };
  } finally {
    await db.destroy();
    await rm(directory, { recursive: true, force: true });
  }
}

async function measure(name: string, ask: () => Promise<unknown>): Promise<QuestionFigures> {
  const [clock, processor]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    const [began, used] = [performance.now(), process.cpuUsage()];
    await ask();
    const { user, system } = process.cpuUsage(used);
    clock.push(performance.now() - began);
    processor.push((user + system) / 1000);
  }
  const of = (times: number[]) => ({ p50: percentile(times, 0.5), p99: percentile(times, 0.99) });
  return { name, clock: of(clock), processor: of(processor) };
}

const FIRST = Date.parse("2026-01-01T00:00:00Z");

function timeOf(position: number): string {
  return new Date(FIRST + Math.floor(position / OF_ONE_TIME) * 300_000).toISOString().replace(".000", "");
}

async function fill(db: Kysely<NodeDatabase>, from: number, to: number): Promise<void> {
  const time = sql`strftime('%Y-%m-%dT%H:%M:%SZ', ${sql.lit(FIRST / 1000)} + (at / ${sql.lit(OF_ONE_TIME)}) * 300, 'unixepoch')`;
  const digest = sql`lower(hex(randomblob(32)))`;
  const row: Readonly<Record<keyof AccessTable, RawBuilder<unknown> | string | number>> = {
    ...{ position: sql`at`, id: digest, nonce: digest, kind: "access", opening: "", provider: "CivilMSP" },
    ...{
      consumer: "PoliceMSP",
      officer: sql`'03' || (at * 7919 % ${sql.lit(OFFICERS)})`,
      machine: sql.lit(0),
      operator: "",
      release: "r",
    },
    dataset: sql`'CivilMSP/d' || (at * 104729 % ${sql.lit(DATASETS)})`,
    grant_case: sql`'g' || (at % ${sql.lit(DATASETS)})`,
    ...{ grant_act: 1, fields: "code,name", purpose: "lookup", scenario: "bench", way: "lookup", road: "gateway" },
    ...{ result: "served", reason: "", row_count: 1, empty: 0, height: 1, filing: "" },
    ...{ time, day: sql`substr(${time}, 1, 10)`, hour: sql`substr(${time}, 1, 13)` },
  };
  const columns = sql.join(Object.keys(row).map((column) => sql.id(column)));
  const values = sql.join(Object.values(row).map((value) => (typeof value === "object" ? value : sql.lit(value))));
  await sql`insert into local.accesses (${columns})
    with recursive numbers (at) as (select ${sql.lit(from)} union all select at + 1 from numbers where at + 1 < ${sql.lit(to)})
    select ${values} from numbers`.execute(db);
}

export function printPages({ machine, records, questions }: PagesReport): string {
  const ms = ({ p50, p99 }: QuestionFigures["clock"]) => [p50, p99].map((value) => value.toFixed(2));
  return [
    describeMachine(machine),
    "",
    table(
      [`${records.toLocaleString("en")} accesses, ms`, "p50", "p99", "processor p50", "p99", "goal of p99"],
      questions.map(({ name, clock, processor }) => [name, ...ms(clock), ...ms(processor), "≤ 20"]),
    ),
  ].join("\n");
}
