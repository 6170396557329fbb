import { setTimeout as delay } from "node:timers/promises";
import { NetworkError } from "../error.js";
import type { Outcome } from "./carry-out.js";

/** Of a step that has no place in the ledger. */
export const DONE: Outcome = { place: undefined };

/** How long what another run has begun is waited for. */
export interface Patience {
  readonly withinMs: number;
  readonly everyMs: number;
}

/** What another run has begun takes effect within seconds, or not at all. */
const PATIENCE: Patience = { withinMs: 10_000, everyMs: 200 };

/**
 * Does a step. What an earlier run sent off before it was interrupted may come to effect meanwhile, and the step be refused
 * for that: then it is done.
 * @param isOpen whether the step is in the plan still
 */
export async function doneOnce(
  perform: () => Promise<Outcome>,
  isOpen: () => Promise<boolean>,
  patience = PATIENCE,
): Promise<Outcome> {
  try {
    return await perform();
  } catch (error) {
    if (!(error instanceof NetworkError) || error.code !== "REFUSED") throw error;
    if (await staysOpen(isOpen, patience)) throw error;
    return DONE;
  }
}

async function staysOpen(isOpen: () => Promise<boolean>, { withinMs, everyMs }: Patience): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    if (!(await isOpen())) return false;
    if (Date.now() > deadline) return true;
    await delay(everyMs);
  }
}
