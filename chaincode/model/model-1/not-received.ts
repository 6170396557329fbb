import { ensure } from "../errors.js";
import type { Instant } from "../identifiers.js";
import { calendarKnownAt, dueDate } from "../time/working-days.js";
import type { PolicyInForce } from "./policy/policy-in-force.js";

/** Working days in which an addressee can say that a text did not come. */
const NOT_RECEIVED_DAYS = 1;
/** How often it can be said in a case: it must not keep one open for ever. */
export const MAX_NOT_RECEIVED = 3;

/** The last answer whose text its addressee has to receive. */
export interface Answer {
  readonly act: number;
  readonly at: Instant;
}

/** That an answer's text did not come can be said of the last answer only. @throws LedgerError MISMATCH */
export function checkNamed(named: number, answer: Answer | undefined): void {
  ensure(answer?.act === named, "MISMATCH", `the last answer is act ${answer?.act ?? "none"}, not ${named}`);
}

/**
 * It can be said within a working day.
 * @param said how often it was said before
 * @throws LedgerError MISMATCH, TOO_LATE, LIMIT_REACHED
 */
export function checkNotReceived(
  answer: Answer | undefined,
  said: number,
  now: { readonly time: Instant; readonly policy: PolicyInForce },
): void {
  ensure(answer !== undefined, "MISMATCH", "there is no answer");
  const { due, provisional } = dueDate(calendarKnownAt(now.policy.calendar, answer.at), answer.at, NOT_RECEIVED_DAYS);
  ensure(provisional || now.time <= due, "TOO_LATE", `this could be said until ${due}`);
  ensure(said < MAX_NOT_RECEIVED, "LIMIT_REACHED", `this was said ${MAX_NOT_RECEIVED} times already`);
}
