import { type Static, Type } from "typebox";
import { closed } from "./kernel/schema.js";

const share = Type.Integer({ minimum: 1, maximum: 100 });
const times = Type.Integer({ minimum: 2, maximum: 1000 });
const accesses = Type.Integer({ minimum: 1, maximum: 1_000_000_000 });
const hour = Type.Integer({ minimum: 0, maximum: 23 });

/**
 * 预警阈值: from when on use is unusual. Nodes warn by it, and nothing on the ledger depends on it; it is policy so that
 * every department is measured by the same. Shares are percentages, hours those of China Standard Time.
 */
export const EarlyWarning = closed({
  /** Days that make a history. */
  historyDays: Type.Integer({ minimum: 7, maximum: 90 }),
  /** A day of fewer accesses warns of nothing. */
  fewest: accesses,
  /** Of the median day of one's own history. */
  volumeTimes: times,
  /** Hours in which nobody is expected to work; equal: there are none. */
  quietFrom: hour,
  quietTo: hour,
  /** Accesses of a day in those hours, by whoever has not had them before. */
  quietFewest: accesses,
  /** Of a day's look-ups, those that found nothing. */
  emptyShare: share,
  /** Of a day's look-ups and checks, those of keys that follow one upon the other. */
  runShare: share,
  /** Of a day's checks, those answered with no. */
  noShare: share,
  refusedShare: share,
  /** How far a day's purposes, scenarios and ways may be from one's history: the part of accesses that would have to be others. */
  driftShare: share,
  /** Days before a grant's end in which `endingTimes` counts instead of `volumeTimes`. */
  endingDays: Type.Integer({ minimum: 1, maximum: 90 }),
  endingTimes: times,
  /** Of the median of the other officers and machines that use the same. */
  peerTimes: times,
});
export type EarlyWarning = Static<typeof EarlyWarning>;

/** What nodes go by where the policy says nothing: figures of this software, tried by `npm run bench -- warnings`. */
export const DEFAULT_EARLY_WARNING: EarlyWarning = {
  historyDays: 28,
  fewest: 30,
  volumeTimes: 3,
  quietFrom: 22,
  quietTo: 6,
  quietFewest: 10,
  emptyShare: 40,
  runShare: 30,
  noShare: 50,
  refusedShare: 30,
  driftShare: 50,
  endingDays: 14,
  endingTimes: 2,
  peerTimes: 5,
};
