import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { languageOf } from "@wanlian/protocol/language.js";
import { progressOn } from "../../host/progress.js";
import { makeConsortium } from "../ledger/consortium.js";
import { describeMachine, type Machine, thisMachine } from "../machine.js";
import { megabytes, seconds, table } from "../table.js";
import { BlockFileWriter } from "./block-file.js";
import { CityActs } from "./city-acts.js";
import type { FoldFigures, FoldPlan, Pace } from "./fold-side.js";
import { PaperLedger } from "./paper-ledger.js";

export interface FoldReport extends FoldFigures {
  readonly machine: Machine;
  readonly acts: number;
}

const DEPARTMENTS = 5;
const ENDORSERS = 3;
const WARM_UP_ACTS = 2_000;
/** More than is followed one by one behind the last size. */
const SPARE_ACTS = 1_000;
const SIDE = fileURLToPath(new URL("fold-side.js", import.meta.url));

/** How fast a node folds a ledger of so many acts, at its beginning and at its end, and what a rebuild takes. */
export async function benchFold(acts: number): Promise<FoldReport> {
  const machine = thisMachine();
  const progress = progressOn(process.stderr, languageOf([], process.env));
  const dir = await mkdtemp(join(tmpdir(), "wanlian-bench-fold-"));
  try {
    const blocks = join(dir, "blocks");
    const filing = { zh: `生成${acts}项行为`, en: `Filing ${acts} acts on paper` };
    await progress.step(filing, () => fileActs(dir, blocks, acts + SPARE_ACTS));
    const sizes = [100, 1_000, 10_000, 100_000].filter((size) => size < acts);
    const plan: FoldPlan = { blocks, dir, sizes: [...sizes, acts], warmUp: Math.min(WARM_UP_ACTS, acts) };
    const folding = { zh: "由账本重建", en: "Rebuilding from the ledger" };
    return { machine, acts, ...(await progress.step(folding, () => runSide(join(dir, "plan.json"), plan))) };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function fileActs(dir: string, path: string, acts: number): Promise<void> {
  const consortium = await makeConsortium(dir, DEPARTMENTS);
  const departments = [...consortium.organisations.keys()].slice(0, DEPARTMENTS);
  const ledger = await PaperLedger.create(consortium, departments.slice(0, ENDORSERS));
  const city = new CityActs(ledger, departments);
  const file = new BlockFileWriter(path);
  await file.add(ledger.genesis(consortium));
  let made = 0;
  for (let blocks = await city.open(); made < acts; blocks = await city.round()) {
    for (const block of blocks) await file.add(block);
    made += blocks.length;
  }
  await file.end();
}

async function runSide(path: string, plan: FoldPlan): Promise<FoldFigures> {
  await writeFile(path, JSON.stringify(plan));
  const side = spawn(process.execPath, [SIDE, path], { stdio: ["ignore", "pipe", "inherit"] });
  const [said, [code]] = await Promise.all([text(side.stdout), once(side, "exit")]);
  if (code !== 0) throw new Error(`the node's process ended with ${code}`);
  return JSON.parse(said) as FoldFigures;
}

export function printFold({ machine, acts, sizes, rebuild, memory }: FoldReport): string {
  const whole = (value: number) => Math.round(value).toLocaleString("en");
  const pace = ({ perSecond, processor }: Pace) => [whole(perSecond), `${processor.toFixed(2)} ms`];
  return [
    describeMachine(machine),
    "",
    table(
      ["acts there are", "behind: acts a second", "processor", "one by one: acts a second", "processor", "database"],
      sizes.map((size) => [whole(size.acts), ...pace(size.behind), ...pace(size.following), megabytes(size.disk)]),
    ),
    "",
    `A rebuild of ${whole(acts)} acts, a block each, ${ENDORSERS} endorsements an act: ${seconds(rebuild)}` +
      ` (goal: 100,000 in 300 s), memory at most ${megabytes(memory)}`,
  ].join("\n");
}
