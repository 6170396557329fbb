import type { Browser, Page } from "playwright-core";

/** What a page's main thread did. Milliseconds. */
export interface MainThread {
  /** Its longest task by the clock: what a person feels as a stall. */
  readonly longest: number;
  /** Its longest task by the processor time that it got: the same on a machine that others use. */
  readonly longestOwn: number;
  /** Processor time of all its tasks. */
  readonly own: number;
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

const CATEGORIES = ["disabled-by-default-devtools.timeline"];
const TASK = "RunTask";

/** Watches a page's main thread while something is done there. */
export async function watched(browser: Browser, page: Page, work: () => Promise<void>): Promise<MainThread> {
  await browser.startTracing(page, { categories: CATEGORIES });
  let trace: Buffer;
  try {
    await work();
  } finally {
    trace = await browser.stopTracing();
  }
  const { traceEvents } = JSON.parse(trace.toString()) as { readonly traceEvents: readonly TraceEvent[] };
  const threads = new Set(traceEvents.filter(isMainThread).map(threadOf));
  const tasks = traceEvents.filter((event) => event.name === TASK && threads.has(threadOf(event)));
  const most = (of: (task: TraceEvent) => number) => tasks.reduce((found, task) => Math.max(found, of(task)), 0) / 1000;
  return {
    longest: most(({ dur = 0 }) => dur),
    longestOwn: most(({ tdur = 0 }) => tdur),
    own: tasks.reduce((sum, { tdur = 0 }) => sum + tdur, 0) / 1000,
  };
}

const isMainThread = ({ name, args }: TraceEvent): boolean => name === "thread_name" && args?.name === "CrRendererMain";
const threadOf = ({ pid, tid }: TraceEvent): string => `${pid}/${tid}`;
