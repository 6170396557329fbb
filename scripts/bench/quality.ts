import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describeMachine, type Machine, thisMachine } from "./machine.js";
import { type BesideNode, benchBeside } from "./quality/beside-node.js";
import { type SetScore, scoreKnownSets } from "./quality/known-sets.js";
import { megabytes, seconds, table } from "./table.js";

export interface QualityWishes {
  readonly rows: number;
  /** Folder of the literature's sets; skipped where it is missing. */
  readonly data: string;
}

interface Measured {
  readonly milliseconds: number;
  /** Processor time: what other work on the machine does not change. */
  readonly processor: number;
  readonly memory: number;
  readonly found: readonly number[];
}

export interface QualityReport {
  readonly machine: Machine;
  readonly scores: readonly SetScore[];
  readonly rows: number;
  readonly speed: readonly {
    readonly format: string;
    readonly hand: Measured;
    readonly rules: Measured;
    /** Why there is none, in words; it takes many times the memory of the others. */
    readonly pandas: Measured | string;
  }[];
  readonly beside: BesideNode;
  readonly comparison: readonly { readonly format: string; readonly hand: Measured; readonly compared: Measured }[];
}

const SIDE = fileURLToPath(new URL("quality/check-side.js", import.meta.url));

export async function benchQuality({ rows, data }: QualityWishes): Promise<QualityReport> {
  const machine = thisMachine();
  const scores = existsSync(data) ? await scoreKnownSets(data) : [];
  const folder = await mkdtemp(join(tmpdir(), "wanlian-bench-quality-"));
  try {
    const parquet = join(folder, "persons.parquet");
    await side("make", parquet, rows);
    const speed = [];
    for (const format of ["parquet", "csv"]) {
      const path = join(folder, `persons.${format}`);
      const hand = await side("hand", path, rows);
      speed.push({ format, hand, rules: await side("rules", path, rows), pandas: await withPandas(path) });
    }
    const comparison = [];
    for (const format of ["parquet", "csv"]) {
      const path = join(folder, `persons.${format}`);
      const hand = await side("compareHand", path, rows);
      comparison.push({ format, hand, compared: await side("compare", path, rows) });
    }
    return { machine, scores, rows, speed, comparison, beside: await benchBeside(parquet) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const PANDAS = fileURLToPath(new URL("../../bench/quality/pandas_side.py", import.meta.url));

async function withPandas(path: string): Promise<Measured | string> {
  try {
    const { stdout } = await promisify(execFile)("python3", [PANDAS, path]);
    return JSON.parse(stdout) as Measured;
  } catch (error) {
    // The last line of what Python says: no pandas, no reader of Parquet, no memory.
    const said = Object(error) as { readonly stderr?: string };
    return (said.stderr ?? String(error)).trim().split("\n").at(-1) ?? "";
  }
}

async function side(what: string, path: string, rows: number): Promise<Measured> {
  const { stdout } = await promisify(execFile)(process.execPath, [SIDE, what, path, "--rows", String(rows)]);
  return JSON.parse(stdout) as Measured;
}

export function printQuality({ machine, scores, rows, speed, comparison, beside }: QualityReport): string {
  const share = (value: number) => value.toFixed(3);
  const quality = scores.map(({ set, method, wrong, found, precision, recall, f1, mended }) => {
    return [
      `${set}: ${method}`,
      String(wrong),
      String(found),
      share(precision),
      share(recall),
      share(f1),
      String(mended),
    ];
  });
  const told = scores.flatMap(({ set, method, examples, against }) => [
    `\n${set}: ${method}`,
    ...examples.map((example) => `  found    ${example}`),
    ...against.map((example) => `  against  ${example}`),
  ]);
  const times = speed.flatMap(({ format, hand, rules, pandas }) => [
    measured(`${format}, SQL by hand`, hand),
    measured(`${format}, ten rules`, rules, hand),
    typeof pandas === "string"
      ? [`${format}, pandas: ${pandas}`, "", "", "", ""]
      : measured(`${format}, pandas`, pandas, hand),
  ]);
  return [
    describeMachine(machine),
    "",
    scores.length === 0
      ? "The literature's sets are not there: skipped."
      : table(["wrong cells", "wrong", "found", "precision", "recall", "F1", "mended"], quality),
    ...told,
    "",
    `${rows.toLocaleString("en")} rows, each measurement in a process of its own`,
    table(["ten checks", "time", "processor", "memory", "ratio (processor)"], times),
    "",
    table(
      ["two sources compared", "time", "processor", "memory", "ratio (processor)"],
      comparison.flatMap(({ format, hand, compared }) => [
        measured(`${format}, SQL by hand`, hand),
        measured(`${format}, compared`, compared, hand),
      ]),
    ),
    "",
    ...printBeside(beside),
  ].join("\n");
}

function printBeside({ rounds, checks }: BesideNode): string[] {
  const rows = rounds.flatMap(({ alone, beside }, at) =>
    Object.entries({ alone, "beside a check": beside }).map(([what, { p50, p99, rate }]) => [
      `${at + 1}: ${what}`,
      `${p50.toFixed(1)} ms`,
      `${p99.toFixed(1)} ms`,
      rate.toFixed(0),
    ]),
  );
  const ratios = rounds.map(({ alone, beside }) => beside.p99 / alone.p99).sort((a, b) => a - b);
  const middle = ratios[Math.floor(ratios.length / 2)] ?? Number.NaN;
  return [
    table(["look-ups at a node", "p50", "p99", "a second"], rows),
    `p99 beside a check, of it alone: ${middle.toFixed(2)} in the middle of ${rounds.length} rounds (${ratios.map((one) => one.toFixed(2)).join(", ")}); ${checks} checks ended meanwhile`,
  ];
}

/** A row of figures. @param beside what it is a multiple of */
function measured(what: string, { milliseconds, processor, memory }: Measured, beside?: Measured): string[] {
  const times =
    beside === undefined
      ? ""
      : `${(milliseconds / beside.milliseconds).toFixed(2)} (${(processor / beside.processor).toFixed(2)})`;
  return [what, seconds(milliseconds), seconds(processor), megabytes(memory), times];
}
