import { canonicalJson } from "../../canonical.js";
import { ensure } from "../../errors.js";
import type { Day, Instant } from "../../identifiers.js";
import { dayOf, endOfDay, yearOf } from "../../time/instant.js";
import { type AnnouncedYear, checkYear } from "../../time/working-days.js";
import type { Duty } from "../table.js";
import { type AnnounceYear, MAX_NOTICES, YEARS_KEPT } from "./policy-schema.js";

/** From about this day on, deadlines of two weeks run into the next year. */
const EXTEND_BY = "12-15";

/** The years that a channel begins with: the one it is opened in, and perhaps the next. @throws LedgerError INVALID_INPUT */
export function firstYears(years: readonly AnnounceYear[], opened: Instant): AnnouncedYear[] {
  const first = yearOf(dayOf(opened));
  for (const [at, year] of years.entries()) {
    ensure(year.year === first + at, "INVALID_INPUT", `the calendar begins with ${first}, year by year`);
    checkYear(year);
  }
  return years.map((year) => noted(year, opened));
}

/**
 * The calendar with one more notice: on the year that follows, or on one that is announced already.
 * @throws LedgerError INVALID_INPUT, MISMATCH, TOO_EARLY, TOO_LATE, UNCHANGED, LIMIT_REACHED
 */
export function announce(calendar: readonly AnnouncedYear[], body: AnnounceYear, time: Instant): AnnouncedYear[] {
  checkYear(body);
  const { year } = body;
  const now = yearOf(dayOf(time));
  const last = lastYear(calendar);
  ensure(year <= now + 1, "TOO_EARLY", `in ${now} nobody can have announced the working days of ${year}`);
  const earlier = calendar.filter((entry) => entry.year === year);
  const latest = earlier.at(-1);
  const next = noted(body, time);
  if (!latest) {
    ensure(year === last + 1, "MISMATCH", `the calendar reaches to ${last}; next comes ${last + 1}`);
  } else {
    ensure(year >= now, "TOO_LATE", `${year} is over; its working days stand`);
    const same = canonicalJson({ ...latest, announced: time }) === canonicalJson(next);
    ensure(!same, "UNCHANGED", `the calendar has ${year} like this already`);
    ensure(earlier.length < MAX_NOTICES, "LIMIT_REACHED", `${MAX_NOTICES} notices on ${year} were taken in`);
  }
  return [...calendar, next]
    .sort((a, b) => a.year - b.year)
    .filter((entry) => entry.year >= Math.max(last, year) - YEARS_KEPT);
}

/** 延展工作日历: what the bureau owes before the calendar ends, so that deadlines have their dates. */
export function extensionDuty(calendar: readonly AnnouncedYear[]): Duty {
  const last = lastYear(calendar);
  const known = calendar.find(({ year }) => year === last);
  const due = endOfDay(`${last}-${EXTEND_BY}` as Day);
  return { kind: "calendarExtension", start: known?.announced ?? due, due, owner: "bureau" };
}

const lastYear = (calendar: readonly AnnouncedYear[]): number => Math.max(...calendar.map(({ year }) => year));

const noted = ({ year, holidays, makeUpDays }: AnnounceYear, announced: Instant): AnnouncedYear => ({
  year,
  holidays,
  makeUpDays,
  announced,
});
