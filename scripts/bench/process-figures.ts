import { readFile } from "node:fs/promises";
import type { Pilot } from "../host/pilot.js";

/** What a process takes, as Linux counts it. */
export interface ProcessFigures {
  readonly name: string;
  /** What it holds in memory, pages that it shares with others counted in full; bytes. */
  readonly rss: number;
  /** The same with its share of shared pages only: these add up. */
  readonly pss: number;
  /** Processor time since its start, seconds. */
  readonly cpu: number;
}

/** Clock ticks a second in /proc: USER_HZ, 100 on every architecture that Node runs on. */
const TICKS = 100;

/** Figures of every process of a pilot that runs. */
export async function figuresOf(pilot: Pilot): Promise<ProcessFigures[]> {
  const states = await pilot.states();
  const running = states.flatMap(({ spec, state }) =>
    state.kind === "running" ? [{ name: spec.name, pid: state.pid }] : [],
  );
  return Promise.all(running.map(async ({ name, pid }) => ({ name, ...(await memoryOf(pid)), cpu: await cpuOf(pid) })));
}

/** Figures of all processes of a kind together: kinds are what names begin with. */
export function sumByKind(figures: readonly ProcessFigures[]): Map<string, ProcessFigures & { count: number }> {
  const sums = new Map<string, ProcessFigures & { count: number }>();
  for (const { name, rss, pss, cpu } of figures) {
    const kind = name.slice(0, name.indexOf("-"));
    const sum = sums.get(kind) ?? { name: kind, count: 0, rss: 0, pss: 0, cpu: 0 };
    sums.set(kind, { name: kind, count: sum.count + 1, rss: sum.rss + rss, pss: sum.pss + pss, cpu: sum.cpu + cpu });
  }
  return sums;
}

async function memoryOf(pid: number): Promise<{ rss: number; pss: number }> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, "utf8");
  const bytes = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(text)?.[1] ?? 0) * 1024;
  return { rss: bytes("Rss"), pss: bytes("Pss") };
}

/** Processor time since its start, seconds. */
export async function cpuOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  // After the command's name, which may hold anything, come fields 3 and on; user and system time are 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}
