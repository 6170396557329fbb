import { ensure } from "../errors.js";
import { DAY_PATTERN, type Day, INSTANT_PATTERN, type Instant } from "../identifiers.js";

/** China Standard Time has no daylight saving time. */
const CST_OFFSET_MS = 8 * 3_600_000;
const MS_PER_DAY = 86_400_000;
const INSTANT = new RegExp(INSTANT_PATTERN);
const DAY = new RegExp(DAY_PATTERN);

export const toMilliseconds = (instant: Instant): number => Date.parse(instant);

/** The instant at or just before the given time: the ledger counts whole seconds. */
export const instantOf = (milliseconds: number): Instant =>
  `${new Date(Math.floor(milliseconds / 1000) * 1000).toISOString().slice(0, 19)}Z` as Instant;

/** @throws LedgerError INVALID_INPUT for a text that is no instant, such as 30 February. */
export function parseInstant(text: string): Instant {
  ensure(INSTANT.test(text), "INVALID_INPUT", `"${text}" is no instant; write 2026-09-28T01:00:00Z`);
  return text as Instant;
}

/** @throws LedgerError INVALID_INPUT for a text that is no day of the calendar. */
export function parseDay(text: string): Day {
  ensure(DAY.test(text), "INVALID_INPUT", `"${text}" is no day; write 2026-09-28`);
  return text as Day;
}

export const secondsBetween = (earlier: Instant, later: Instant): number =>
  (toMilliseconds(later) - toMilliseconds(earlier)) / 1000;

export const addSeconds = (instant: Instant, seconds: number): Instant =>
  instantOf(toMilliseconds(instant) + seconds * 1000);

/** The day an instant falls on in China Standard Time. */
export const dayOf = (instant: Instant): Day =>
  new Date(toMilliseconds(instant) + CST_OFFSET_MS).toISOString().slice(0, 10) as Day;

export const startOfDay = (day: Day): Instant => instantOf(Date.parse(`${day}T00:00:00Z`) - CST_OFFSET_MS);

/** The last second of a day in China Standard Time. */
export const endOfDay = (day: Day): Instant => instantOf(Date.parse(`${day}T23:59:59Z`) - CST_OFFSET_MS);

export const addDays = (day: Day, days: number): Day =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * MS_PER_DAY).toISOString().slice(0, 10) as Day;

export const yearOf = (day: Day): number => Number(day.slice(0, 4));

/** 0 is Sunday. */
export const weekdayOf = (day: Day): number => new Date(Date.parse(`${day}T00:00:00Z`)).getUTCDay();

/** The hour an instant falls on in China Standard Time, with its day: `2026-09-28T09`. */
export const hourOf = (instant: Instant): string =>
  new Date(toMilliseconds(instant) + CST_OFFSET_MS).toISOString().slice(0, 13);
