import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AccessIndex } from "@wanlian/client/access";
import { lineageOf, MAX_RELEASES, provJson, provOfLineage } from "@wanlian/client/lineage";
import { openDatabase } from "@wanlian/client/projection";
import { type Db, findCaseAt, listActs, listChanges, placeAt } from "@wanlian/client/read";
import type { DatasetId, Instant } from "@wanlian/model/identifiers.js";
import { RELEASED } from "@wanlian/model/models.js";
import { describeMachine, type Machine, thisMachine } from "../machine.js";
import { median, percentile, seconds, table } from "../table.js";
import { anyDataset, anyOfficer, fillAccesses, timeOfAccess } from "./paper-accesses.js";
import { datasetId, fillTables, releaseId } from "./paper-tables.js";

export interface TraceWishes {
  readonly releases: number;
  readonly acts: number;
  readonly records: number;
  readonly rounds: number;
  /** Of PostgreSQL, beside the embedded database; an empty one. */
  readonly database: string | undefined;
}

interface Question {
  readonly what: string;
  /** What it found, so that nobody measures an empty answer. */
  readonly found: number;
  readonly milliseconds: readonly number[];
}

export interface TraceReport {
  readonly machine: Machine;
  readonly wishes: TraceWishes;
  readonly databases: readonly {
    readonly name: string;
    readonly filled: number;
    readonly questions: readonly Question[];
  }[];
}

/** Questions about what happened, on tables of a city's size: the answers of a node, without HTTP. */
export async function benchTrace(wishes: TraceWishes): Promise<TraceReport> {
  const machine = thisMachine();
  const databases = [];
  for (const url of [undefined, ...(wishes.database === undefined ? [] : [wishes.database])]) {
    databases.push({ name: url === undefined ? "embedded" : "PostgreSQL", ...(await measure(url, wishes)) });
  }
  return { machine, wishes, databases };
}

async function measure(url: string | undefined, wishes: TraceWishes) {
  const directory = await mkdtemp(join(tmpdir(), "wanlian-bench-trace-"));
  try {
    const db = await openDatabase({ directory, url });
    try {
      const start = performance.now();
      await fillTables(db, wishes);
      const accesses = await fillAccesses(db, url === undefined ? "embedded" : "postgres", wishes.records);
      const filled = performance.now() - start;
      return { filled, questions: await askAll(db, accesses, wishes) };
    } finally {
      await db.destroy();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function askAll(
  db: Db,
  accesses: AccessIndex,
  { releases, acts, records, rounds }: TraceWishes,
): Promise<Question[]> {
  const { reading } = RELEASED.of(1);
  const time = (share: number) => new Date(OPENED + (acts / 10) * 30_000 * share).toISOString().slice(0, 10);
  const lineage = (at: number, depth: number) =>
    lineageOf(db, reading, { release: releaseId(Math.floor(at * (releases - 1))), depth, limit: MAX_RELEASES });
  const questions: readonly (readonly [string, (share: number) => Promise<number>])[] = [
    ["lineage, 1,000 releases at most", async (at) => (await lineage(at, 50))?.releases.length ?? 0],
    ["lineage, three steps", async (at) => (await lineage(at, 3))?.releases.length ?? 0],
    [
      "the same as PROV-JSON",
      async (at) => {
        const found = await lineage(at, 50);
        return found === undefined ? 0 : JSON.stringify(provJson(provOfLineage(found, "bench"))).length;
      },
    ],
    [
      "a dataset as of a day",
      async (at) => {
        const place = await placeAt(db, time(at));
        const name = { noun: "dataset", case: datasetId(Math.floor(at * 300)) };
        return place === undefined ? 0 : ((await findCaseAt(db, name, place.height, RELEASED))?.act.number ?? 0);
      },
    ],
    [
      "changes of a day, a page",
      async (at) => {
        const [from, to] = [await placeAt(db, time(at * 0.9)), await placeAt(db, time(at * 0.9 + 0.05))];
        return to === undefined ? 0 : (await listChanges(db, { from, to }, { limit: 50 }, RELEASED)).items.length;
      },
    ],
    [
      "a history, a page",
      async (at) => (await listActs(db, { noun: "dataset", case: datasetId(Math.floor(at * 300)) }, {})).items.length,
    ],
  ];
  const page = (at: number) => ({ before: 1 + Math.floor(at * records), limit: 50 });
  const hour = (at: number) => {
    const since = timeOfAccess(Math.floor(at * records)) as Instant;
    const until = `${new Date(Date.parse(since) + 3_600_000).toISOString().slice(0, 19)}Z` as Instant;
    return { since, until };
  };
  const found = async (rows: Promise<readonly unknown[]>) => (await rows).length;
  const ofAccesses: typeof questions = [
    [
      "who accessed a dataset, a page",
      (at) => found(accesses.find({ dataset: anyDataset(at) as DatasetId }, page(at))),
    ],
    ["what an officer accessed, a page", (at) => found(accesses.find({ officer: anyOfficer(at) as never }, page(at)))],
    [
      "who accessed a dataset within an hour",
      (at) => found(accesses.find({ dataset: anyDataset(at) as DatasetId, ...hour(at) }, { limit: 50 })),
    ],
  ];
  const answers: Question[] = [];
  for (const [what, ask] of [...questions, ...ofAccesses]) {
    const milliseconds: number[] = [];
    let found = 0;
    for (let round = 0; round < rounds; round += 1) {
      const start = performance.now();
      found = Math.max(found, await ask((round + 1) / (rounds + 1)));
      milliseconds.push(performance.now() - start);
    }
    answers.push({ what, found, milliseconds });
  }
  return answers;
}

const OPENED = Date.parse("2026-03-02T00:00:00Z");

export function printTrace({ machine, wishes, databases }: TraceReport): string {
  const figure = (value: number) => `${value.toFixed(1)} ms`;
  return [
    describeMachine(machine),
    `${wishes.releases} releases, ${wishes.acts} acts, ${wishes.records} accesses, ${wishes.rounds} rounds a question`,
    ...databases.map(({ name, filled, questions }) =>
      [
        `\n${name} (tables filled in ${seconds(filled)})`,
        table(
          ["question", "found", "median", "p99", "most"],
          questions.map(({ what, found, milliseconds }) => [
            ...[what, String(found), figure(median(milliseconds)), figure(percentile(milliseconds, 0.99))],
            figure(Math.max(...milliseconds)),
          ]),
        ),
      ].join("\n"),
    ),
  ].join("\n");
}
