import type { Desk } from "../host/desk.js";
import { until } from "../host/until.js";
import type { Told } from "./narrator.js";

/** A node folds a block within milliseconds of its peer's having it; a peer under load may be seconds behind another. */
const FOLDED_WITHIN_MS = 60_000;

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
