import { messageOf } from "@wanlian/protocol/errors.js";
import type { Logger } from "pino";
import { pause } from "../core/index.js";
import { LedgerAccessError } from "../ledger/index.js";
import type { Conditions } from "./conditions.js";

/** Often enough that an officer learns of it before the form is filled. */
const ASK_EVERY_MS = 30_000;
/** While an answer would tell nothing. */
const LOOK_EVERY_MS = 500;

/**
 * A call that every endorser answers in the same words for ever, and that writes nothing: the clock's first act. It is
 * endorsed as an act would be, by as many departments as the policy asks for, and never handed to an orderer.
 */
export const ENDORSED_BY_ALL: [contractFunction: string, args: readonly string[]] = [
  "acts:act",
  ["clock", "clock", "1"],
];

export interface EndorserWatch {
  /** Whether an answer would tell anything: not before the channel is open, nor while the own peer is away. */
  isDue(): boolean;
  /** @throws LedgerAccessError */
  ask(): Promise<void>;
  readonly conditions: Conditions;
  readonly log: Logger;
  /** Default half a minute. */
  readonly everyMs?: number;
}

/** Says while too few departments' peers can be reached for anything to be filed. Until the signal aborts. */
export async function watchEndorsers(watch: EndorserWatch, signal: AbortSignal): Promise<void> {
  const { conditions, log, everyMs = ASK_EVERY_MS } = watch;
  while (!signal.aborted) {
    const isDue = watch.isDue();
    if (isDue) {
      try {
        await watch.ask();
        conditions.clear("TOO_FEW_ENDORSERS");
      } catch (error) {
        // Whatever a peer answers: what cannot be read is no endorsement, and no reason to end.
        if (!signal.aborted) log.warn({ reason: messageOf(error) }, "too few departments endorse");
        conditions.raise("TOO_FEW_ENDORSERS", reasonOf(error));
      }
    }
    await pause(isDue ? everyMs : Math.min(everyMs, LOOK_EVERY_MS), signal);
  }
}

function reasonOf(error: unknown): string {
  const details = error instanceof LedgerAccessError ? error.details : [];
  const words = details.map((detail) => `${detail.department} ${detail.address}: ${detail.message}`);
  return `nothing can be filed: ${[messageOf(error), ...words].join("; ")}`;
}
