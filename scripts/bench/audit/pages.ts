import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "@wanlian/client/projection";
import type { DatasetId, Instant } from "@wanlian/model/identifiers.js";
import { describeMachine, type Machine, thisMachine } from "../machine.js";
import { percentile, table } from "../table.js";
import { anyDataset, anyOfficer, fillAccesses, timeOfAccess } from "../trace/paper-accesses.js";

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

const ROUNDS = 500;
const PAGE_ROWS = 50;

/** Pages of a node's index of accesses, of which it has so many: rows are put in by SQL, where the log would have them. */
export async function benchPages(records: number): Promise<PagesReport> {
  const machine = thisMachine();
  const directory = await mkdtemp(join(tmpdir(), "wanlian-bench-pages-"));
  const db = await openDatabase({ directory, url: undefined });
  try {
    const index = await fillAccesses(db, "embedded", records);
    const any = (below: number) => Math.floor(Math.random() * below);
    const dataset = () => anyDataset(Math.random()) as DatasetId;
    const time = () => timeOfAccess(any(records)) as Instant;
    const limit = PAGE_ROWS;
    const asked: [string, () => Promise<unknown>][] = [
      ["a dataset's accesses, any page", () => index.find({ dataset: dataset() }, { before: 1 + any(records), limit })],
      [
        "an officer's, any page",
        () => index.find({ officer: anyOfficer(Math.random()) as never }, { before: 1 + any(records), limit }),
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
