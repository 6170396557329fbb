/**
 * Changes one small thing in a room at a time and asks its tests: `npm run mutants -- ROOM [ROOM …]`.
 *
 *   --file PART     only what lies in files whose path has PART
 *   --sample N      N of them, drawn by --seed (1): for a room too large for the time at hand
 *   --workers N     so many processes (2)
 *   --reach         only asks what no test comes by: one run of the tests
 *
 * What no test notices is printed with file, line and change; a room's share is printed last.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { harmless, Known } from "./known.js";
import { type Mutant, prepare } from "./prepare.js";
import { ROOMS, type Room } from "./rooms.js";
import { sample } from "./sample.js";
import { type Course, follow, Trial } from "./trial.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    file: { type: "string", default: "" },
    sample: { type: "string", default: "all" },
    seed: { type: "string", default: "1" },
    workers: { type: "string", default: "2" },
    reach: { type: "boolean", default: false },
  },
});
const unknown = positionals.filter((name) => !(name in ROOMS));
if (positionals.length === 0 || unknown.length > 0) {
  process.stderr.write(
    `usage: npm run mutants -- ROOM [ROOM …] [--file PART] [--sample N [--seed SEED]] [--workers N] [--reach]\nrooms: ${Object.keys(ROOMS).join(", ")}\n`,
  );
  process.exit(2);
}

async function tryRoom(name: string, room: Room): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "wanlian-mutants-"));
  try {
    const { preparation, mutants } = prepare(room, folder);
    const isHarmless = harmless();
    const within = mutants.filter((mutant) => mutant.file.includes(values.file));
    const matter = within.filter((mutant) => !isHarmless(mutant));
    const chosen = values.sample === "all" ? matter : sample(matter, Number(values.sample), values.seed);
    const known = new Known(name, preparation.tests);
    const file = join(folder, "preparation.json");
    if (values.reach) return reportReach(name, chosen, await follow(file));
    try {
      await tryAll(chosen, mutants, known, file);
    } finally {
      known.save();
    }
    const unnoticed = chosen.filter((mutant) => known.of(mutant)?.verdict === undefined);
    report(name, { room: matter.length, harmless: within.length - matter.length, tried: chosen.length, unnoticed });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function tryAll(
  chosen: readonly Mutant[],
  all: readonly Mutant[],
  known: Known,
  preparation: string,
): Promise<void> {
  const open = chosen.filter((mutant) => known.of(mutant) === undefined);
  if (open.length === 0) return;
  const course = await follow(preparation);
  const { length } = course.tests;
  const ms = course.tests.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  process.stderr.write(`${length} tests take ${Math.round(ms / 1000)} s of the processor\n`);
  const began = Date.now();
  let done = 0;
  const queue = open.values();
  const work = async () => {
    const trial = new Trial(preparation, course);
    try {
      for (const mutant of queue) {
        const siblings = all.filter(({ file }) => file === mutant.file).map(({ number }) => number);
        const verdict = await trial.try(mutant.number, siblings);
        known.learn(mutant, verdict);
        // At once, so that one can begin on it while the rest is tried.
        if (verdict === undefined) process.stderr.write(`no test notices ${lineOf(mutant)}\n`);
        if (++done % SAVED_EVERY !== 0) continue;
        known.save();
        const seconds = Math.round((Date.now() - began) / 1000);
        process.stderr.write(`${done} of ${open.length} after ${seconds} s\n`);
      }
    } finally {
      trial.end();
    }
  };
  await Promise.all(Array.from({ length: Number(values.workers) }, work));
}

/** A run that is broken off loses little. */
const SAVED_EVERY = 5;

interface Result {
  /** How many mutants the room, or the part asked for, has; harmless ones do not count. */
  readonly room: number;
  readonly harmless: number;
  readonly tried: number;
  readonly unnoticed: readonly Mutant[];
}

function report(name: string, { room, harmless, tried, unnoticed }: Result): void {
  process.stdout.write(`\n${name}: no test notices\n`);
  for (const mutant of unnoticed) process.stdout.write(`  ${lineOf(mutant)}\n`);
  const share = tried === 0 ? 100 : (100 * (tried - unnoticed.length)) / tried;
  const drawn = tried === room ? "" : `, drawn from ${room} by seed ${values.seed}`;
  process.stdout.write(
    `${name}: ${tried - unnoticed.length} of ${tried} noticed, ${share.toFixed(1)} %${drawn}; ${harmless} harmless\n`,
  );
}

function reportReach(name: string, chosen: readonly Mutant[], { atLoad, tests }: Course): void {
  const reached = new Set([...atLoad, ...tests.flatMap((test) => test.reached)]);
  const left = chosen.filter(({ number }) => !reached.has(number));
  process.stdout.write(`\n${name}: no test comes by\n`);
  for (const mutant of left) process.stdout.write(`  ${lineOf(mutant)}\n`);
  const seconds = tests.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1000;
  process.stdout.write(
    `${name}: ${left.length} of ${chosen.length} are come by no test; its ${tests.length} tests take ${seconds.toFixed(1)} s of the processor\n`,
  );
}

const lineOf = ({ file, line, change }: Mutant): string => `${file}:${line}  ${change}`;

for (const name of positionals) {
  const room = ROOMS[name];
  if (room !== undefined) await tryRoom(name, room);
}
