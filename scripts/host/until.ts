import { setTimeout as delay } from "node:timers/promises";

const LOOK_EVERY_MS = 50;

/** What is waited for: how long at most, and what to say when it has not come. */
export interface Patience {
  readonly withinMs: number;
  readonly otherwise: string;
}

/** Looks again until the condition holds. @throws Error when it has not come to hold in time */
export async function until(condition: () => Promise<boolean>, { withinMs, otherwise }: Patience): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(otherwise);
    await delay(LOOK_EVERY_MS);
  }
}
