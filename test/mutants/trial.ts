import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Answer, Question, TestReport } from "./worker.js";

const WORKER = fileURLToPath(new URL("./worker.js", import.meta.url));

/** A test may take this much more of the processor with a mutation than without before it counts as hanging. */
const PATIENCE = 4;
/** For starting and for what differs from run to run, milliseconds of the processor. */
const LEAST_PATIENCE_MS = 10_000;
/** Who waits so long, by the clock, without a thing to do, waits for what will not come. */
const ASLEEP_MS = 20_000;
const LOOK_EVERY_MS = 250;

/** What the tests said of a mutant: the first test that failed, or that they hung or crashed, or nothing. */
export type Verdict = string | undefined;

/** What a room's tests come by while nothing is changed. */
export interface Course {
  /** Mutants in what modules do while they are loaded. */
  readonly atLoad: ReadonlySet<number>;
  readonly tests: readonly TestReport[];
}

/** Runs a room's tests once as they are. @throws Error if one fails without any mutation */
export async function follow(preparation: string): Promise<Course> {
  const worker = start(preparation, "follow", "inherit");
  try {
    const answer = await answerOf(worker, Number.POSITIVE_INFINITY);
    if (answer?.kind !== "followed") throw new Error("the tests could not be loaded");
    if (answer.failure !== undefined) throw new Error(`tests fail without any mutation:\n${answer.failure}`);
    return { atLoad: new Set(answer.atLoad), tests: answer.tests };
  } finally {
    worker.kill("SIGKILL");
  }
}

/** Tries mutants one after the other, in a process that is begun anew when a mutation hangs or ends it. */
export class Trial {
  readonly #preparation: string;
  readonly #course: Course;
  #worker: ChildProcess | undefined;

  constructor(preparation: string, course: Course) {
    this.#preparation = preparation;
    this.#course = course;
  }

  /** @param siblings mutants of the same module: tests that come by them are asked first where all have to be */
  async try(mutant: number, siblings: readonly number[]): Promise<Verdict> {
    const places = [...this.#course.tests.keys()];
    if (this.#course.atLoad.has(mutant)) {
      const near = new Set(siblings);
      return this.#tryFromTheStart(
        mutant,
        places.filter((place) => this.#reached(place).some((one) => near.has(one))),
      );
    }
    const tests = places.filter((place) => this.#reached(place).includes(mutant));
    if (tests.length === 0) return undefined;
    const worker = await this.#ready();
    worker.send({ mutant, rounds: this.#inRounds(tests) } satisfies Question);
    const answer = await answerOf(worker, this.#takes(tests));
    if (answer?.kind === "tried") return answer.noticedBy;
    this.#worker = undefined;
    return HANGS;
  }

  async #tryFromTheStart(mutant: number, near: readonly number[]): Promise<Verdict> {
    const worker = start(this.#preparation, String(mutant), "ignore");
    try {
      const all = [...this.#course.tests.keys()];
      const loaded = await answerOf(worker, LEAST_PATIENCE_MS);
      if (loaded?.kind !== "ready") return loaded?.kind === "tried" ? loaded.noticedBy : HANGS;
      const rest = all.filter((place) => !near.includes(place));
      const rounds = [...this.#inRounds(near), ...this.#inRounds(rest)];
      worker.send({ mutant, rounds } satisfies Question);
      const answer = await answerOf(worker, this.#takes(all));
      return answer?.kind === "tried" ? answer.noticedBy : HANGS;
    } finally {
      worker.kill("SIGKILL");
    }
  }

  end(): void {
    this.#worker?.kill("SIGKILL");
    this.#worker = undefined;
  }

  async #ready(): Promise<ChildProcess> {
    if (this.#worker !== undefined) return this.#worker;
    const worker = start(this.#preparation, "ready", "ignore");
    const answer = await answerOf(worker, LEAST_PATIENCE_MS);
    if (answer?.kind !== "ready") throw new Error("the tests do not load any more");
    this.#worker = worker;
    return worker;
  }

  /** What is cheap is asked first: most mutants never see the rest. */
  #inRounds(places: readonly number[]): number[][] {
    const cheapFirst = [...places].sort((a, b) => this.#milliseconds(a) - this.#milliseconds(b));
    const limit = this.#sum(places) * CHEAP_SHARE;
    const first = cheapFirst.findIndex((_, index) => this.#sum(cheapFirst.slice(0, index + 1)) > limit);
    return [cheapFirst.slice(0, first), cheapFirst.slice(first)].filter((round) => round.length > 0);
  }

  #takes(places: readonly number[]): number {
    return this.#sum(places) * PATIENCE + LEAST_PATIENCE_MS;
  }

  #sum(places: readonly number[]): number {
    return places.reduce((sum, place) => sum + this.#milliseconds(place), 0);
  }

  #milliseconds(place: number): number {
    return this.#course.tests[place]?.milliseconds ?? 0;
  }

  #reached(place: number): readonly number[] {
    return this.#course.tests[place]?.reached ?? [];
  }
}

const HANGS = "(hangs or ends the process)";

/** Of the time that all tests of a mutant take: what the first round may take. */
const CHEAP_SHARE = 0.15;

function start(preparation: string, mode: string, stderr: "ignore" | "inherit"): ChildProcess {
  return fork(WORKER, [preparation, mode], {
    stdio: ["ignore", "ignore", stderr, "ipc"],
    execArgv: ["--no-deprecation"],
    env: { ...process.env, LC_ALL: "en_US.UTF-8" },
  });
}

/**
 * The next answer, or undefined if the process ended, or was ended because it used up its milliseconds of the processor
 * or slept. The clock alone says nothing: a busy machine would make every mutant look as if it hung.
 */
async function answerOf(worker: ChildProcess, milliseconds: number): Promise<Answer | undefined> {
  const given = new AbortController();
  const began = useOf(worker);
  let last = began;
  let asleepSince = Date.now();
  const watch = setInterval(() => {
    const now = useOf(worker);
    if (now.milliseconds !== last.milliseconds || now.wants) asleepSince = Date.now();
    last = now;
    const spent = now.milliseconds - began.milliseconds;
    if (spent > milliseconds || Date.now() - asleepSince > ASLEEP_MS) worker.kill("SIGKILL");
  }, LOOK_EVERY_MS);
  try {
    const { signal } = given;
    const message: Promise<unknown[]> = once(worker, "message", { signal });
    const ended = once(worker, "exit", { signal }).then(() => []);
    const [answer] = await Promise.race([message, ended]);
    return answer as Answer | undefined;
  } finally {
    clearInterval(watch);
    given.abort();
  }
}

/** What a process has used of the processor, and whether any of its threads wants more. */
function useOf({ pid }: ChildProcess): { readonly milliseconds: number; readonly wants: boolean } {
  try {
    const threads = readdirSync(`/proc/${pid}/task`).map((thread) => statOf(`/proc/${pid}/task/${thread}/stat`));
    const own = statOf(`/proc/${pid}/stat`);
    return {
      milliseconds: (Number(own[11]) + Number(own[12])) * MS_PER_TICK,
      wants: threads.some(([state]) => state !== "S"),
    };
  } catch {
    return { milliseconds: 0, wants: true }; // ended, which is told otherwise
  }
}

/** The fields behind a process's or thread's name, which may have spaces: the first is its state. */
function statOf(file: string): string[] {
  const stat = readFileSync(file, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

/** Linux counts in hundredths of a second. */
const MS_PER_TICK = 10;
