import { setImmediate as giveWay } from "node:timers/promises";
import { QualityError } from "../../core/index.js";
import type { WorkOptions } from "./workbench.js";

/** Work in memory, step by step; each step says which share of the work at hand is done. */
export type Steps<T> = Generator<number, T, void>;

/** Whoever waits is heard so often: Ctrl-C, and everything else that the process has to do. */
const GIVE_WAY_MS = 50;

/** For who has nothing else to do meanwhile. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Gives way between steps, says how far it is, and ends where it is no longer wanted. @throws QualityError CHECK_CANCELLED */
export async function stepByStep<T>(
  steps: Steps<T>,
  { signal, onProgress }: Pick<WorkOptions, "signal" | "onProgress"> = {},
): Promise<T> {
  let gaveWay = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() - gaveWay < GIVE_WAY_MS) continue;
    await giveWay();
    if (signal?.aborted) throw new QualityError("CHECK_CANCELLED", "the check was cancelled");
    onProgress?.(step.value * 100);
    gaveWay = performance.now();
  }
}
