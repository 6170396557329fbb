import type { Instant } from "@wanlian/model/identifiers.js";
import { secondsBetween } from "@wanlian/model/time/instant.js";
import type { StandingAlarm } from "../core/index.js";

/** Anchors are made hourly at least; so much more and one is late. */
export const ANCHOR_LATE_SECONDS = 2 * 3600;

/** A department as the ledger has it: since when it is a member, and when its log was last anchored. */
export interface AnchoringMember {
  readonly department: string;
  readonly since: string;
  readonly anchored: string | undefined;
}

/** Members whose log was not anchored in time, or never, by the ledger's own time. Pure. */
export function lateAnchors(members: readonly AnchoringMember[], now: string): StandingAlarm[] {
  return members.flatMap(({ department, since, anchored }): StandingAlarm[] => {
    const isLate = (from: string) => secondsBetween(from as Instant, now as Instant) > ANCHOR_LATE_SECONDS;
    if (anchored === undefined) return isLate(since) ? [{ kind: "NOT_ANCHORED", department, since: now }] : [];
    return isLate(anchored) ? [{ kind: "ANCHOR_LATE", department, anchored, since: now }] : [];
  });
}
