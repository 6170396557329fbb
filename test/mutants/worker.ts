import { readFileSync } from "node:fs";
import { register } from "node:module";
import { pathToFileURL } from "node:url";
import Mocha from "mocha";
import { SWITCH } from "./instrument.js";
import type { Preparation } from "./prepare.js";

/** What a worker is asked: tests, by their places in the order of loading, round after round until one fails. */
export interface Question {
  readonly mutant: number;
  readonly rounds: readonly (readonly number[])[];
}

export interface TestReport {
  /** Of the processor, with its share of what hooks take. */
  readonly milliseconds: number;
  /** Mutants that the test comes by, or a hook that runs for it. */
  readonly reached: readonly number[];
}

export type Answer =
  | { readonly kind: "ready" }
  | {
      readonly kind: "followed";
      readonly atLoad: readonly number[];
      readonly tests: readonly TestReport[];
      /** The tests that fail without any mutation. */
      readonly failure: string | undefined;
    }
  /** `noticedBy` is the first test that failed. */
  | { readonly kind: "tried"; readonly mutant: number; readonly noticedBy: string | undefined };

/**
 * A process that loads a room's tests once and runs them with one mutation after the other. What a module does while
 * it is loaded is done by then: mutants there get a process of their own, with the mutation on from the start.
 */
async function work(file: string, mode: string): Promise<void> {
  const preparation = JSON.parse(readFileSync(file, "utf8")) as Preparation;
  const reached = new Uint8Array(preparation.mutants);
  const fixed = mode === "follow" || mode === "ready" ? undefined : Number(mode);
  let active = fixed ?? -1;
  Object.defineProperty(globalThis, SWITCH, {
    value: (mutant: number) => {
      reached[mutant] = 1;
      return mutant === active;
    },
  });
  register("./hooks.js", import.meta.url, { data: { modules: preparation.modules } });
  const mocha = new Mocha({ reporter: Silent, timeout: TIMEOUT_MS, bail: mode !== "follow" });
  mocha.cleanReferencesAfterRun(false);
  await import("../properties.js");
  for (const test of preparation.tests) await load(mocha, test);
  const atLoad = taken(reached);
  const all = allTests(mocha.suite).filter((test) => !preparation.readers.some((part) => test.title.includes(part)));
  if (mode === "follow") return answer({ kind: "followed", atLoad, ...(await follow()) });

  process.on("message", (question: Question) => {
    active = question.mutant;
    tryIn(question.rounds).then((noticedBy) => answer({ kind: "tried", mutant: active, noticedBy }), die);
  });
  answer({ kind: "ready" });

  async function tryIn(rounds: Question["rounds"]): Promise<string | undefined> {
    for (const places of rounds) {
      const failed = await run(places.flatMap((place) => all[place] ?? []));
      if (failed !== undefined) return failed;
    }
    return undefined;
  }

  /** All tests once, and what each comes by. */
  async function follow(): Promise<{ readonly tests: TestReport[]; readonly failure: string | undefined }> {
    const seen = new Map<Mocha.Test | Mocha.Suite, Set<number>>();
    const used = new Map<Mocha.Test | Mocha.Suite, number>();
    let since = processorMilliseconds();
    const failure = await run(all, (where) => {
      const known = seen.get(where) ?? new Set();
      for (const mutant of taken(reached)) known.add(mutant);
      seen.set(where, known);
      const now = processorMilliseconds();
      used.set(where, (used.get(where) ?? 0) + now - since);
      since = now;
    });
    const tests = all.map((test) => {
      const suites = suitesAround(test);
      const mutants = new Set([test, ...suites].flatMap((place) => [...(seen.get(place) ?? [])]));
      const hooks = suites.reduce((sum, suite) => sum + (used.get(suite) ?? 0) / allTests(suite).length, 0);
      return { milliseconds: (used.get(test) ?? 0) + hooks, reached: [...mutants] };
    });
    return { tests, failure };
  }

  /**
   * Runs some of the tests.
   * @param passed is told of each test, and of each suite whose hook, has ended
   * @returns the titles of tests that fail: of the first alone where a mutation is tried
   */
  function run(
    chosen: readonly Mocha.Test[],
    passed: (where: Mocha.Test | Mocha.Suite) => void = () => undefined,
  ): Promise<string | undefined> {
    choose(mocha.suite, new Set(chosen));
    return new Promise((resolve) => {
      const failed: string[] = [];
      mocha
        .run(() => resolve(failed.length === 0 ? undefined : failed.join("\n")))
        .on("fail", (test: Mocha.Runnable, error: unknown) => {
          failed.push(`${test.fullTitle()} (${error instanceof Error ? error.message : String(error)})`);
        })
        .on("test end", passed)
        .on("hook end", (hook: Mocha.Hook) => hook.parent && passed(hook.parent));
    });
  }

  function choose(suite: Mocha.Suite, chosen: ReadonlySet<Mocha.Test>): void {
    suite.tests = all.filter((test) => test.parent === suite && chosen.has(test));
    for (const below of suite.suites) choose(below, chosen);
  }
}

const allTests = (suite: Mocha.Suite): Mocha.Test[] => [...suite.tests, ...suite.suites.flatMap(allTests)];

function suitesAround(test: Mocha.Test): Mocha.Suite[] {
  const around: Mocha.Suite[] = [];
  for (let suite = test.parent; suite !== undefined; suite = suite.parent) around.push(suite);
  return around;
}

/** As mocha does, but by `import` alone: Node's hooks do not see what mocha would `require`. */
async function load(mocha: Mocha, file: string): Promise<void> {
  mocha.suite.emit("pre-require", globalThis, file, mocha);
  await import(pathToFileURL(file).href);
  mocha.suite.emit("post-require", globalThis, file, mocha);
}

class Silent extends Mocha.reporters.Base {
  override epilogue(): void {
    // The one who asked reports.
  }
}

function taken(reached: Uint8Array): number[] {
  const numbers = [...reached.entries()].flatMap(([number, one]) => (one === 1 ? [number] : []));
  reached.fill(0);
  return numbers;
}

function answer(message: Answer): void {
  process.send?.(message);
}

function die(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}

function processorMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Long enough for a starved machine; who sleeps is ended sooner, from outside. */
const TIMEOUT_MS = 300_000;

const [file = "", mode = "ready"] = process.argv.slice(2);
try {
  await work(file, mode);
} catch (error) {
  // A mutation that keeps a module from being loaded is noticed by whoever loads it.
  const fixed = Number(mode);
  if (Number.isNaN(fixed)) die(error);
  answer({ kind: "tried", mutant: fixed, noticedBy: "loading" });
}
