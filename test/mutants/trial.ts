import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Answer, Question, TestReport } from "./worker.js";

const WORKER = fileURLToPath(new URL("./worker.js", import.meta.url));

/** A test may take this much longer with a mutation than without before it counts as hanging. */
const PATIENCE = 4;
/** For starting what a slow machine starts slowly, milliseconds. */
const LEAST_PATIENCE_MS = 5_000;

/** What the tests said of a mutant: the first test that failed, or that they hung or crashed, or nothing. */
export type Verdict = string | undefined;

/** Tries a room's mutants, in a process that is begun anew when a mutation hangs or ends it. */
export class Trial {
  readonly #preparation: string;
  #worker: ChildProcess | undefined;
  atLoad: ReadonlySet<number> = new Set();
  tests: readonly TestReport[] = [];

  constructor(preparation: string) {
    this.#preparation = preparation;
  }

  /** Runs the tests once as they are. @throws Error if one fails without any mutation */
  async begin(): Promise<void> {
    const worker = this.#start([]);
    const answer = await this.#answer(worker, Number.POSITIVE_INFINITY);
    if (answer?.kind !== "begun") throw new Error("the tests could not be loaded");
    if (answer.failure !== undefined) throw new Error(`a test fails without any mutation: ${answer.failure}`);
    this.atLoad = new Set(answer.atLoad);
    this.tests = answer.tests;
    this.#worker = worker;
  }

  async try(mutant: number): Promise<Verdict> {
    if (this.atLoad.has(mutant)) return this.#tryFromTheStart(mutant);
    const tests = this.tests.flatMap(({ reached }, place) => (reached.includes(mutant) ? [place] : []));
    if (tests.length === 0) return undefined;
    if (this.#worker === undefined) await this.begin();
    const worker = this.#worker;
    if (worker === undefined) throw new Error("the tests do not run");
    worker.send({ mutant, tests } satisfies Question);
    const answer = await this.#answer(worker, this.#took(tests) * PATIENCE + LEAST_PATIENCE_MS);
    if (answer?.kind === "tried") return answer.noticedBy;
    this.#worker = undefined;
    return "(hangs or ends the process)";
  }

  async #tryFromTheStart(mutant: number): Promise<Verdict> {
    const worker = this.#start([String(mutant)]);
    const all = this.tests.map((_, place) => place);
    const answer = await this.#answer(worker, this.#took(all) * PATIENCE + 2 * LEAST_PATIENCE_MS);
    worker.kill("SIGKILL");
    return answer?.kind === "tried" ? answer.noticedBy : "(hangs or ends the process)";
  }

  end(): void {
    this.#worker?.kill("SIGKILL");
    this.#worker = undefined;
  }

  #took(places: readonly number[]): number {
    return places.reduce((sum, place) => sum + (this.tests[place]?.milliseconds ?? 0), 0);
  }

  #start(args: string[]): ChildProcess {
    return fork(WORKER, [this.#preparation, ...args], {
      stdio: ["ignore", "ignore", args.length === 0 ? "inherit" : "ignore", "ipc"],
      env: { ...process.env, LC_ALL: "en_US.UTF-8" },
    });
  }

  /** The next answer, or undefined if the process ended or let the time pass, which then ends it. */
  async #answer(worker: ChildProcess, milliseconds: number): Promise<Answer | undefined> {
    const given = new AbortController();
    const timer = Number.isFinite(milliseconds) ? setTimeout(() => worker.kill("SIGKILL"), milliseconds) : undefined;
    try {
      const { signal } = given;
      const message: Promise<unknown[]> = once(worker, "message", { signal });
      const ended = once(worker, "exit", { signal }).then(() => []);
      const [answer] = await Promise.race([message, ended]);
      return answer as Answer | undefined;
    } finally {
      clearTimeout(timer);
      given.abort();
    }
  }
}
