import type { Language } from "@wanlian/protocol/language.js";

/** China Standard Time, UTC+8 the whole year since 1991. */
const CHINA_MS = 8 * 3_600_000;
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

/** An instant (RFC 3339) as officials write it: `2026年10月13日 14:05`, `13 October 2026, 14:05`. */
export function timeText(instant: string, language: Language): string {
  const parts = inChina(instant);
  if (parts === undefined) return instant;
  const clock = parts.iso.slice(11, 16);
  return language === "zh" ? `${dateOf(parts, "zh")} ${clock}` : `${dateOf(parts, "en")}, ${clock}`;
}

/** The day of an instant or of a date: `2026年10月13日`, `13 October 2026`. */
export function dayText(instant: string, language: Language): string {
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(instant);
  const parts = inChina(isDate ? `${instant}T00:00:00+08:00` : instant);
  return parts === undefined ? instant : dateOf(parts, language);
}

/** A period, its ends included: `2026年9月28日至12月31日`, `28 September to 31 December 2026`; the year once. */
export function periodText(from: string, to: string, language: Language): string {
  const [first, last] = [dayText(from, language), dayText(to, language)];
  if (chinaDay(from).slice(0, 4) !== chinaDay(to).slice(0, 4))
    return language === "zh" ? `${first}至${last}` : `${first} to ${last}`;
  return language === "zh" ? `${first}至${last.replace(/^\d+年/, "")}` : `${first.replace(/ \d+$/, "")} to ${last}`;
}

/** A month, written `2026-10`: `2026年10月`, `October 2026`. */
export function monthText(month: string, language: Language): string {
  const [, year, number] = /^(\d{4})-(\d{2})$/.exec(month) ?? [];
  const name = MONTHS[Number(number) - 1];
  if (year === undefined || name === undefined) return month;
  return language === "zh" ? `${year}年${Number(number)}月` : `${name} ${year}`;
}

/** As a heading, a label or a link begins: with a capital, where the language has them. */
export const beginning = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** For dense tables: `2026-10-13 14:05`. */
export function denseTimeText(instant: string): string {
  const parts = inChina(instant);
  return parts === undefined ? instant : `${parts.iso.slice(0, 10)} ${parts.iso.slice(11, 16)}`;
}

/** The day in China of an instant, as `2026-10-13`. */
export const chinaDay = (instant: string): string => inChina(instant)?.iso.slice(0, 10) ?? instant;

/** `12,345`. */
export const countText = (count: number): string => count.toLocaleString("en-US");

/** A ratio in ten-thousandths as officials write it: 9950 is `99.5%`. */
export const ratioText = (ratio: number): string => `${ratio / 100}%`;

interface InChina {
  readonly iso: string;
  readonly date: Date;
}

function inChina(instant: string): InChina | undefined {
  const ms = Date.parse(instant);
  if (Number.isNaN(ms)) return undefined;
  const date = new Date(ms + CHINA_MS);
  return { date, iso: date.toISOString() };
}

function dateOf({ date }: InChina, language: Language): string {
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  return language === "zh" ? `${year}年${month + 1}月${day}日` : `${day} ${MONTHS[month]} ${year}`;
}
