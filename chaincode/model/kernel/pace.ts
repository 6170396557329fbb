import { Type } from "typebox";
import { ensure } from "../errors.js";
import { Instant, type MspId } from "../identifiers.js";
import { closed } from "./schema.js";

/**
 * Departments that can act in one case between two ticks: as many as the largest consortium has, so that no number of
 * others keeps a member from its vote, and a state stays bounded all the same.
 */
export const MAX_RECENT_DEPARTMENTS = 200;

/** Who has acted in a case since the last tick, and how often. */
export interface Recent {
  /** The ledger's time at the last act. */
  readonly time: Instant;
  readonly acts: Readonly<Record<string, number>>;
}

interface Paced {
  readonly recent?: Recent | undefined;
}

export const Recent = closed({
  time: Instant,
  acts: Type.Record(Type.String({ maxLength: 64 }), Type.Integer({ minimum: 1 }), {
    maxProperties: MAX_RECENT_DEPARTMENTS,
  }),
});

/**
 * Counts a department's act. Others' acts do not use up its room; so whoever moves a case by legal acts, to make acts
 * that rest on it lose their races, can do so only so often before the next tick.
 * @param limit acts of one department in the case between two ticks
 * @throws LedgerError TOO_MANY_ACTS
 */
export function countAct(
  name: string,
  state: Paced | undefined,
  department: MspId,
  time: Instant,
  limit: number,
): Recent {
  const acts = state?.recent?.time === time ? state.recent.acts : {};
  const before = Object.hasOwn(acts, department) ? (acts[department] ?? 0) : 0;
  ensure(
    before < limit,
    "TOO_MANY_ACTS",
    `${department} has acted ${limit} times in ${name} since the tick of ${time}; the next act can follow the next tick`,
  );
  ensure(
    before > 0 || Object.keys(acts).length < MAX_RECENT_DEPARTMENTS,
    "TOO_MANY_ACTS",
    `${MAX_RECENT_DEPARTMENTS} departments have acted in ${name} since the tick of ${time}; others follow after the next`,
  );
  return { time, acts: { ...acts, [department]: before + 1 } };
}

/** The state as rules made it. */
export function withoutRecent<S extends Paced>(state: S): Omit<S, "recent"> {
  const { recent: _recent, ...rest } = state;
  return rest;
}
