import type { Consensus, Topology } from "@wanlian/network/topology/topology.js";
import type { Words } from "@wanlian/protocol/language.js";
import { logIn } from "../host/decision.js";
import type { Pilot } from "../host/pilot.js";
import type { Progress } from "../host/progress.js";
import { open, withPilot } from "./bench-pilot.js";
import { BENCH_DATASET } from "./ledger/act-load.js";
import { describeMachine, type Machine, thisMachine } from "./machine.js";
import { figuresOf, type ProcessFigures, sumByKind } from "./process-figures.js";
import { median, megabytes, seconds, table } from "./table.js";

export interface StartOptions {
  readonly departments: number;
  readonly network: Consensus;
  readonly rounds: number;
  readonly firstPort: number;
}

/** One pilot, begun from nothing, stopped and started again. Times in milliseconds. */
export interface StartRound {
  /** From nothing (certificates are made, too; packages are installed and built) to the first committed act. */
  readonly cold: number;
  /** From `up` of a pilot that was stopped to the first act committed after it. */
  readonly warm: number;
  readonly coldSteps: Readonly<Record<string, number>>;
  readonly warmSteps: Readonly<Record<string, number>>;
  /** Processor time that the cold start took in all processes together, seconds. */
  readonly coldCpu: number;
  /** Once the channel is open and everybody is a member. */
  readonly processes: readonly ProcessFigures[];
}

export interface StartReport {
  readonly machine: Machine;
  readonly options: StartOptions;
  readonly rounds: readonly StartRound[];
}

/** How long a pilot takes to start, and how much memory it takes. */
export async function benchStart(options: StartOptions): Promise<StartReport> {
  const machine = thisMachine();
  const rounds: StartRound[] = [];
  for (let round = 1; round <= options.rounds; round += 1) {
    process.stderr.write(`round ${round} of ${options.rounds} …\n`);
    rounds.push(await startRound(options));
  }
  return { machine, options, rounds };
}

async function startRound({ departments, network, firstPort }: StartOptions): Promise<StartRound> {
  const timer = new StepTimer();
  return withPilot(timer, async (pilot) => {
    const cpuBefore = process.cpuUsage();
    const begun = performance.now();
    const topology = await pilot.up({ departments, consensus: network, firstPort });
    let cold = Number.NaN;
    let atFirst: Promise<ProcessFigures[]> | undefined;
    await open(pilot, topology, (_, act) => {
      if (act !== "policy") return;
      cold = performance.now() - begun;
      atFirst = figuresOf(pilot);
    });
    const { user, system } = process.cpuUsage(cpuBefore);
    const coldCpu = (await (atFirst ?? [])).reduce((sum, { cpu }) => sum + cpu, (user + system) / 1e6);
    const coldSteps = timer.take();
    const processes = await figuresOf(pilot);
    await pilot.down();
    timer.take();
    const begunAgain = performance.now();
    await pilot.up();
    await commitOne(pilot, topology);
    return { cold, warm: performance.now() - begunAgain, coldSteps, warmSteps: timer.take(), coldCpu, processes };
  });
}

/** A steward registers a dataset, as the first thing that anybody does after a restart. */
async function commitOne(pilot: Pilot, { departments }: Topology): Promise<void> {
  const [first] = departments;
  if (first === undefined) throw new RangeError("a pilot has departments");
  const steward = await logIn(pilot.data, first, "steward");
  await steward.file("datasets", BENCH_DATASET);
}

/** Keeps how long each step of a pilot's progress took. */
class StepTimer implements Progress {
  #steps: Record<string, number> = {};

  async step<T>({ en: title }: Words, work: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    const result = await work();
    this.#steps[title] = performance.now() - begun;
    return result;
  }

  note(): void {
    // What happens within a step is not timed.
  }

  /** What was taken down since the last call. */
  take(): Readonly<Record<string, number>> {
    const steps = this.#steps;
    this.#steps = {};
    return steps;
  }
}

export function printStart({ machine, options, rounds }: StartReport): string {
  const of = (pick: (round: StartRound) => number) => rounds.map(pick);
  const row = (title: string, values: readonly number[], show: (value: number) => string) => [
    title,
    show(median(values)),
    show(Math.min(...values)),
    show(Math.max(...values)),
  ];
  const titles = [...new Set(rounds.flatMap(({ coldSteps }) => Object.keys(coldSteps)))];
  const kinds = [...sumByKind(rounds[0]?.processes ?? []).values()];
  const total = (round: StartRound, what: "pss" | "rss") => round.processes.reduce((sum, one) => sum + one[what], 0);
  return [
    `${options.departments} departments on ${options.network}; ${describeMachine(machine)}`,
    "",
    table(
      ["", "median", "least", "most"],
      [
        row(
          "cold start to first committed act",
          of(({ cold }) => cold),
          seconds,
        ),
        ...titles.map((title) =>
          row(
            `  ${title}`,
            of(({ coldSteps }) => coldSteps[title] ?? 0),
            seconds,
          ),
        ),
        row(
          "  processor time of all",
          of(({ coldCpu }) => coldCpu * 1000),
          seconds,
        ),
        row(
          "warm start to first committed act",
          of(({ warm }) => warm),
          seconds,
        ),
        ...titles.map((title) =>
          row(
            `  ${title}`,
            of(({ warmSteps }) => warmSteps[title] ?? 0),
            seconds,
          ),
        ),
        row(
          "memory of all (PSS)",
          of((round) => total(round, "pss")),
          megabytes,
        ),
        row(
          "memory of all (RSS)",
          of((round) => total(round, "rss")),
          megabytes,
        ),
      ],
    ),
    "",
    table(
      ["processes", "number", "PSS each", "RSS each", "processor time each"],
      kinds.map(({ name, count, pss, rss, cpu }) => [
        name,
        String(count),
        megabytes(pss / count),
        megabytes(rss / count),
        seconds((cpu / count) * 1000),
      ]),
    ),
    "",
  ].join("\n");
}
