import type { TreeHead } from "@wanlian/model/checkpoint.js";
import { messageOf } from "@wanlian/protocol/errors.js";
import { type ConditionCode, pause } from "../core/index.js";

/** After its start, and then once a day: what a disk loses it loses slowly. */
const SWEEP_EVERY_MS = 86_400_000;
/** While the exchange has not begun there is nothing to look at yet. */
const AWAIT_LOG_MS = 60_000;

export interface LogWatch {
  /** What the log has published; undefined while there is no log. */
  published(): TreeHead | undefined;
  /** Compares all that lies there with it. @throws where a file is wrong, naming it */
  sweep(head: TreeHead, signal: AbortSignal): Promise<void>;
  report(code: ConditionCode, message: string): void;
  settle(code: ConditionCode): void;
  readonly everyMs?: number;
  readonly awaitMs?: number;
}

/** Reads the log of accesses in the background again and again, and says what is damaged. Until the signal aborts. */
export async function watchLog(watch: LogWatch, signal: AbortSignal): Promise<void> {
  const { everyMs = SWEEP_EVERY_MS, awaitMs = AWAIT_LOG_MS } = watch;
  while (!signal.aborted) {
    const head = watch.published();
    if (head !== undefined) {
      const damage = await found(watch, head, signal);
      if (damage !== undefined) watch.report("LOG_DAMAGED", damage);
      else if (!signal.aborted) watch.settle("LOG_DAMAGED");
    }
    await pause(head === undefined ? awaitMs : everyMs, signal);
  }
}

async function found(watch: LogWatch, head: TreeHead, signal: AbortSignal): Promise<string | undefined> {
  try {
    await watch.sweep(head, signal);
    return undefined;
  } catch (error) {
    return `${messageOf(error)}; stop the node, and let "wanlian fsck --repair" put it back`;
  }
}
