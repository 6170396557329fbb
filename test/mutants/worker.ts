import { readFileSync } from "node:fs";
import { register } from "node:module";
import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import Mocha from "mocha";
import { SWITCH } from "./instrument.js";
import type { Preparation } from "./prepare.js";

/** What a worker is asked. `tests` are places in what it told when it began. */
export interface Question {
  readonly mutant: number;
  readonly tests: readonly number[];
}

export interface TestReport {
  readonly milliseconds: number;
  /** Mutants that the test comes by, or a hook that runs for it. */
  readonly reached: readonly number[];
}

export type Answer =
  | {
      readonly kind: "begun";
      readonly atLoad: readonly number[];
      readonly tests: readonly TestReport[];
      /** The first test that fails without any mutation. */
      readonly failure: string | undefined;
    }
  /** `noticedBy` is the first test that failed. */
  | { readonly kind: "tried"; readonly mutant: number; readonly noticedBy: string | undefined };

/**
 * A process that loads a room's tests once and runs them with one mutation after the other. What a module does while
 * it is loaded is done by then: mutants there get a process of their own, with the mutation on from the start.
 */
async function work(file: string, fixed: number | undefined): Promise<void> {
  const preparation = JSON.parse(readFileSync(file, "utf8")) as Preparation;
  const reached = new Uint8Array(preparation.mutants);
  let active = fixed ?? -1;
  Object.defineProperty(globalThis, SWITCH, {
    value: (mutant: number) => {
      reached[mutant] = 1;
      return mutant === active;
    },
  });
  register("./hooks.js", import.meta.url, { data: { modules: preparation.modules } });
  const mocha = new Mocha({ reporter: Silent, timeout: 20_000, bail: true });
  mocha.cleanReferencesAfterRun(false);
  for (const test of preparation.tests) await load(mocha, test);
  const atLoad = taken(reached);
  const all = allTests(mocha.suite);
  if (fixed !== undefined) return answer({ kind: "tried", mutant: fixed, noticedBy: await run(all) });

  const begun = performance.now();
  const seen = new Map<Mocha.Test | Mocha.Suite, Set<number>>();
  const failure = await run(all, (where) => {
    const known = seen.get(where) ?? new Set();
    for (const mutant of taken(reached)) known.add(mutant);
    seen.set(where, known);
  });
  const hooks = (performance.now() - begun - all.reduce((sum, { duration = 0 }) => sum + duration, 0)) / all.length;
  const tests = all.map((test) => {
    const places = [test, ...suitesAround(test)];
    const mutants = new Set(places.flatMap((place) => [...(seen.get(place) ?? [])]));
    return { milliseconds: (test.duration ?? 0) + hooks, reached: [...mutants] };
  });
  process.on("message", ({ mutant, tests: places }: Question) => {
    active = mutant;
    const asked = places.flatMap((place) => all[place] ?? []);
    run(asked).then((noticedBy) => answer({ kind: "tried", mutant, noticedBy }), die);
  });
  answer({ kind: "begun", atLoad, tests, failure });

  /**
   * Runs some of the tests.
   * @param passed is told of each test, and of each suite whose hook, has ended
   * @returns the title of the first test that fails
   */
  function run(
    chosen: readonly Mocha.Test[],
    passed: (where: Mocha.Test | Mocha.Suite) => void = () => undefined,
  ): Promise<string | undefined> {
    choose(mocha.suite, new Set(chosen));
    return new Promise((resolve) => {
      let failed: string | undefined;
      mocha
        .run(() => resolve(failed))
        .on("fail", (test: Mocha.Runnable, error: unknown) => {
          failed ??= `${test.fullTitle()} (${error instanceof Error ? error.message : String(error)})`;
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

const [file = "", fixed] = process.argv.slice(2);
try {
  await work(file, fixed === undefined ? undefined : Number(fixed));
} catch (error) {
  // A mutation that keeps a module from being loaded is noticed by whoever loads it.
  if (fixed === undefined) die(error);
  answer({ kind: "tried", mutant: Number(fixed), noticedBy: "loading" });
}
