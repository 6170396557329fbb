import { type Static, Type } from "typebox";
import { ensure } from "../errors.js";
import { Day, type Instant } from "../identifiers.js";
import { addDays, dayOf, endOfDay, weekdayOf } from "./instant.js";

/** The State Council announces some thirty days a year; ten years fit in a policy act beside everything else. */
const MAX_LISTED_DAYS = 400;

/** 工作日历: the days that depart from the plain week, for the period they have been announced for. */
export const Calendar = Type.Object(
  {
    from: Day,
    to: Day,
    holidays: Type.Array(Day, { maxItems: MAX_LISTED_DAYS }),
    makeUpDays: Type.Array(Day, { maxItems: MAX_LISTED_DAYS }),
  },
  { additionalProperties: false },
);
export type Calendar = Static<typeof Calendar>;

/** @throws LedgerError OUTSIDE_CALENDAR for a day whose holidays have not been announced: no date is guessed. */
export function isWorkingDay(calendar: Calendar, day: Day): boolean {
  ensure(
    day >= calendar.from && day <= calendar.to,
    "OUTSIDE_CALENDAR",
    `the calendar on the ledger covers ${calendar.from} to ${calendar.to}, not ${day}; the bureau has to extend it`,
  );
  if (calendar.makeUpDays.includes(day)) return true;
  if (calendar.holidays.includes(day)) return false;
  const weekday = weekdayOf(day);
  return weekday !== 0 && weekday !== 6;
}

/**
 * When a period of working days ends: counted from the day after the event, to the end of the last day, in China
 * Standard Time (requirements, last paragraph).
 */
export function deadlineAfter(calendar: Calendar, event: Instant, workingDays: number): Instant {
  let day = dayOf(event);
  for (let left = workingDays; left > 0; ) {
    day = addDays(day, 1);
    if (isWorkingDay(calendar, day)) left -= 1;
  }
  return endOfDay(day);
}

/** Checks what a schema cannot: that the period is one, and no day is both. @throws LedgerError INVALID_INPUT */
export function checkCalendar(calendar: Calendar): void {
  ensure(calendar.from <= calendar.to, "INVALID_INPUT", "the calendar ends before it begins");
  const holidays = new Set<Day>(calendar.holidays);
  const makeUpDays = new Set<Day>(calendar.makeUpDays);
  ensure(
    holidays.size === calendar.holidays.length && makeUpDays.size === calendar.makeUpDays.length,
    "INVALID_INPUT",
    "the calendar lists a day twice",
  );
  for (const day of [...calendar.holidays, ...calendar.makeUpDays]) {
    ensure(addDays(day, 0) === day, "INVALID_INPUT", `${day} is no day`);
    ensure(day >= calendar.from && day <= calendar.to, "INVALID_INPUT", `${day} is outside the calendar's period`);
    ensure(!(holidays.has(day) && makeUpDays.has(day)), "INVALID_INPUT", `${day} is both holiday and working day`);
  }
}
