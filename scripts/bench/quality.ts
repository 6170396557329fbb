import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describeMachine, type Machine, thisMachine } from "./machine.js";
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
  readonly speed: readonly { readonly format: string; readonly hand: Measured; readonly rules: Measured }[];
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
      speed.push({ format, hand: await side("hand", path, rows), rules: await side("rules", path, rows) });
    }
    const comparison = [];
    for (const format of ["parquet", "csv"]) {
      const path = join(folder, `persons.${format}`);
      const hand = await side("compareHand", path, rows);
      comparison.push({ format, hand, compared: await side("compare", path, rows) });
    }
    return { machine, scores, rows, speed, comparison };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function side(what: string, path: string, rows: number): Promise<Measured> {
  const { stdout } = await promisify(execFile)(process.execPath, [SIDE, what, path, "--rows", String(rows)]);
  return JSON.parse(stdout) as Measured;
}

export function printQuality({ machine, scores, rows, speed, comparison }: QualityReport): string {
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
  const times = speed.flatMap(({ format, hand, rules }) => [
    [`${format}, SQL by hand`, seconds(hand.milliseconds), seconds(hand.processor), megabytes(hand.memory), ""],
    [
      `${format}, ten rules`,
      seconds(rules.milliseconds),
      seconds(rules.processor),
      megabytes(rules.memory),
      `${(rules.milliseconds / hand.milliseconds).toFixed(2)} (${(rules.processor / hand.processor).toFixed(2)})`,
    ],
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
        [`${format}, SQL by hand`, seconds(hand.milliseconds), seconds(hand.processor), megabytes(hand.memory), ""],
        [
          `${format}, compared`,
          seconds(compared.milliseconds),
          seconds(compared.processor),
          megabytes(compared.memory),
          `${(compared.milliseconds / hand.milliseconds).toFixed(2)} (${(compared.processor / hand.processor).toFixed(2)})`,
        ],
      ]),
    ),
  ].join("\n");
}
