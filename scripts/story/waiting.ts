import { setTimeout as delay } from "node:timers/promises";
import type { Desk } from "../host/desk.js";
import type { Told } from "./narrator.js";

const LOOK_EVERY_MS = 50;
/** A node folds a block within milliseconds of its peer's having it; a peer under load may be seconds behind another. */
const FOLDED_WITHIN_MS = 60_000;

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

/** Waits until the node of each has folded a block: the nodes of a network have it one after the other. */
export async function untilAllHave(
  block: number,
  players: readonly { readonly name: Told; readonly user: Pick<Desk, "get"> }[],
): Promise<void> {
  await Promise.all(
    players.map(({ name, user }) =>
      until(async () => (await user.get<{ height: number }>("status")).height > block, {
        withinMs: FOLDED_WITHIN_MS,
        otherwise: `the node of ${name.en} has not folded block ${block} in time; see its log`,
      }),
    ),
  );
}
