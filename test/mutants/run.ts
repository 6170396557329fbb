/**
 * Changes one small thing in a room at a time and asks its tests: `npm run mutants -- ROOM [ROOM …] [--file PART]`.
 * What no test notices is printed with file, line and change; a room's share is printed last.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { harmless, Known } from "./known.js";
import { type Mutant, prepare } from "./prepare.js";
import { ROOMS, type Room } from "./rooms.js";
import { Trial } from "./trial.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { file: { type: "string", default: "" } },
});
const unknown = positionals.filter((name) => !(name in ROOMS));
if (positionals.length === 0 || unknown.length > 0) {
  process.stderr.write(
    `usage: npm run mutants -- ROOM [ROOM …] [--file PART]\nrooms: ${Object.keys(ROOMS).join(", ")}\n`,
  );
  process.exit(2);
}
async function tryRoom(name: string, room: Room): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "wanlian-mutants-"));
  try {
    const { preparation, mutants } = prepare(room, folder);
    const isHarmless = harmless();
    const chosen = mutants.filter((mutant) => mutant.file.includes(values.file) && !isHarmless(mutant));
    const known = new Known(name, preparation.tests);
    const trial = new Trial(join(folder, "preparation.json"));
    const unnoticed = await tryAll(name, chosen, known, trial).finally(() => {
      trial.end();
      known.save();
    });
    report(name, chosen.length, unnoticed);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function tryAll(name: string, mutants: readonly Mutant[], known: Known, trial: Trial): Promise<Mutant[]> {
  const open = mutants.filter((mutant) => known.of(mutant) === undefined);
  if (open.length > 0) await trial.begin();
  for (const [done, mutant] of open.entries()) {
    const verdict = await trial.try(mutant.number);
    known.learn(mutant, verdict);
    if (process.stderr.isTTY) process.stderr.write(`\r${name}: ${done + 1} of ${open.length} `);
    if (done % SAVED_EVERY === 0) known.save();
  }
  return mutants.filter((mutant) => known.of(mutant)?.verdict === undefined);
}

/** A run that is broken off loses little. */
const SAVED_EVERY = 50;

function report(name: string, tried: number, unnoticed: readonly Mutant[]): void {
  process.stdout.write(`\n${name}: no test notices\n`);
  for (const mutant of unnoticed) process.stdout.write(`  ${lineOf(mutant)}\n`);
  const share = tried === 0 ? 100 : (100 * (tried - unnoticed.length)) / tried;
  process.stdout.write(`${name}: ${tried - unnoticed.length} of ${tried} noticed, ${share.toFixed(1)} %\n`);
}

const lineOf = ({ file, line, change }: Mutant): string => `${file}:${line}  ${change}`;

for (const name of positionals) {
  const room = ROOMS[name];
  if (room !== undefined) await tryRoom(name, room);
}
