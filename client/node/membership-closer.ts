import type { Logger } from "pino";
import { NodeError, pause } from "../core/index.js";

/** Time for whoever decided on a removal to close the case; then any node does, and one of them is first. */
export const CLOSE_AFTER_SECONDS = 60;
/** Of it, what is random: so that one node acts and the others see it. */
const RANDOM_SHARE = 0.5;
const LOOK_MS = 1_000;

export interface Membership {
  /** Who belongs to the consortium; undefined before anybody was admitted, removed or has left. */
  roster(): readonly string[] | undefined;
  /** Member cases that are active. */
  active(): Promise<readonly { readonly department: string; readonly act: number }[]>;
  /** Whether the node has taken in what its peer has. */
  caughtUp(): boolean;
  /** Closes a member's case, as of its last act. */
  close(department: string, act: number): Promise<unknown>;
}

/**
 * Closes the cases of departments that were removed or have left: what was decided on is carried out by somebody, though
 * everybody who could has forgotten it, or is the one that it is about. Until the signal aborts.
 */
export async function keepMembersClosed(
  membership: Membership,
  log: Logger,
  signal: AbortSignal,
  afterSeconds = CLOSE_AFTER_SECONDS,
): Promise<void> {
  let settled: string | undefined;
  while (!signal.aborted) {
    const roster = membership.roster();
    const name = roster?.join();
    if (roster === undefined || name === settled || !membership.caughtUp()) {
      await pause(LOOK_MS, signal);
      continue;
    }
    if ((await goneFrom(roster, membership)).length === 0) {
      settled = name;
      continue;
    }
    await pause(afterSeconds * 1000 * (1 - RANDOM_SHARE * Math.random()), signal);
    for (const { department, act } of signal.aborted ? [] : await goneFrom(roster, membership)) {
      try {
        await membership.close(department, act);
      } catch (error) {
        if (!(error instanceof NodeError)) throw error;
        // Another node was first, or nobody could be reached; the next look decides.
        log.info({ code: error.code, department, reason: error.message }, "the membership was not closed from here");
        await pause(LOOK_MS, signal);
      }
    }
  }
}

const goneFrom = async (roster: readonly string[], membership: Membership) =>
  (await membership.active()).filter(({ department }) => !roster.includes(department));

/** The act that closes a member's case. */
export const departing = (department: string) => ({
  ...{ noun: "member", case: department, type: "depart", body: { department } },
});
