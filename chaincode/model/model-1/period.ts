import { ensure } from "../errors.js";
import type { Day, Instant } from "../identifiers.js";
import { addDays, dayOf, endOfDay, startOfDay } from "../time/instant.js";

/** Days to which a right can reach; beyond, it is given anew. */
const MAX_PERIOD_DAYS = 3 * 366;

/**
 * Whole days in China Standard Time as a period that begins today at the earliest: nothing is allowed afterwards.
 * @throws LedgerError INVALID_INPUT, LIMIT_REACHED, TOO_LATE
 */
export function periodOf(from: Day, to: Day, now: Instant): { from: Instant; to: Instant } {
  checkDays("the period", from, to, now);
  return { from: startOfDay(from), to: endOfDay(to) };
}

/** The same of a period that is given to the second. @throws LedgerError INVALID_INPUT, LIMIT_REACHED, TOO_LATE */
export function checkPeriod(
  what: string,
  period: { readonly from: Instant; readonly to: Instant },
  now: Instant,
): void {
  const { from, to } = period;
  ensure(from < to, "INVALID_INPUT", `${what} ends before it begins`);
  ensure(to > now, "TOO_LATE", `${what} would have ended already; it is ${now}`);
  checkDays(what, dayOf(from), dayOf(to), now);
}

function checkDays(what: string, from: Day, to: Day, now: Instant): void {
  ensure(from <= to, "INVALID_INPUT", `${what} ends before it begins`);
  const today = dayOf(now);
  ensure(to >= today, "TOO_LATE", `${what} would have ended already; it is ${today}`);
  ensure(from >= today, "TOO_LATE", `${what} would begin before today, ${today}`);
  ensure(to <= addDays(from, MAX_PERIOD_DAYS), "LIMIT_REACHED", `${what} has at most ${MAX_PERIOD_DAYS} days`);
}
