import { type Static, Type } from "typebox";
import { ensure } from "../errors.js";
import { Day, Instant } from "../identifiers.js";
import { addDays, dayOf, endOfDay, weekdayOf, yearOf } from "./instant.js";

/** The State Council moves some twenty week days and six weekend days a year. */
const MAX_HOLIDAYS = 40;
const MAX_MAKE_UP_DAYS = 20;

/** 年度工作日历: the days of a year that depart from the plain week, by the State Council's notice. */
export const yearOfWork = {
  year: Type.Integer({ minimum: 2000, maximum: 2099 }),
  // No year is without holidays; one that is empty has not been announced.
  holidays: Type.Array(Day, { minItems: 1, maxItems: MAX_HOLIDAYS, uniqueItems: true }),
  makeUpDays: Type.Array(Day, { maxItems: MAX_MAKE_UP_DAYS, uniqueItems: true }),
};
const YearOfWork = Type.Object(yearOfWork, { additionalProperties: false });
export type YearOfWork = Static<typeof YearOfWork>;

/** The same as the ledger keeps it: since when it has been known. A later notice on a year stands behind the first. */
export const AnnouncedYear = Type.Object({ ...yearOfWork, announced: Instant }, { additionalProperties: false });
export type AnnouncedYear = Static<typeof AnnouncedYear>;

/** One entry a year. Years that are not there have not been announced: their working days nobody knows. */
export type Calendar = readonly YearOfWork[];

/** The calendar by the last notice on each year. */
export const latestCalendar = (years: readonly AnnouncedYear[]): Calendar => [
  ...new Map(years.map((year) => [year.year, year])).values(),
];

/** The calendar as it was known at an instant, completed by the first notice on each year since. */
export function calendarKnownAt(years: readonly AnnouncedYear[], at: Instant): Calendar {
  const known = new Map<number, AnnouncedYear>();
  for (const year of years) if (!known.has(year.year) || year.announced <= at) known.set(year.year, year);
  return [...known.values()];
}

/** Whether a day is worked; undefined in a year that has not been announced. */
export function isWorkingDay(calendar: Calendar, day: Day): boolean | undefined {
  const year = calendar.find((candidate) => candidate.year === yearOf(day));
  if (!year) return undefined;
  if (year.makeUpDays.includes(day)) return true;
  return isInPlainWeek(day) && !year.holidays.includes(day);
}

export interface DueDate {
  readonly due: Instant;
  /** It lies beyond the years that were announced: `due` is then the earliest that it can become. */
  readonly provisional: boolean;
}

/**
 * When a period of working days ends: counted from the day after the event, to the end of the last day, in China
 * Standard Time (requirements, last paragraph).
 */
export function dueDate(calendar: Calendar, event: Instant, workingDays: number): DueDate {
  let day = dayOf(event);
  for (let left = workingDays; left > 0; ) {
    day = addDays(day, 1);
    const isWorked = isWorkingDay(calendar, day);
    // At most each of the days that nobody knows yet is worked.
    if (isWorked === undefined) return { due: endOfDay(addDays(day, left - 1)), provisional: true };
    if (isWorked) left -= 1;
  }
  return { due: endOfDay(day), provisional: false };
}

/** Checks what a schema cannot: that each day is one of the year that departs from the plain week. @throws LedgerError INVALID_INPUT */
export function checkYear({ year, holidays, makeUpDays }: YearOfWork): void {
  for (const day of [...holidays, ...makeUpDays]) {
    ensure(yearOf(day) === year, "INVALID_INPUT", `${day} is no day of ${year}`);
  }
  const idle = holidays.find((day) => !isInPlainWeek(day));
  ensure(idle === undefined, "INVALID_INPUT", `${idle} is a weekend's day; list the week days that are not worked`);
  const worked = makeUpDays.find(isInPlainWeek);
  ensure(worked === undefined, "INVALID_INPUT", `${worked} is a week day; list the weekend's days that are worked`);
}

function isInPlainWeek(day: Day): boolean {
  const weekday = weekdayOf(day);
  return weekday !== 0 && weekday !== 6;
}
