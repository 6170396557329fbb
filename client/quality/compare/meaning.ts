/** What the values of a column mean when sources are compared: the same meaning may be written in several ways. */
export type Meaning = "text" | "number" | "time" | "date";

/** A column has a meaning if nearly all of its values have it. */
const LEAST_SHARE = 0.9;

const TIME = /(?<![0-9:])([0-2]?[0-9]):([0-5][0-9])(?::([0-5][0-9]))?\s*(?:([ap])(?:\.?m\b\.?)?)?/giu;
const NUMBER = /^[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?%?$/u;
const DATE = /^([12][0-9]{3})(?:-|\/|年)?([01]?[0-9])(?:-|\/|月)?([0-3]?[0-9])日?$/u;

const MINUTE = 60;
const HOUR = 3600;

/** The same characters however they were typed: full or half width, with more or fewer blanks, in capitals or not. */
const plain = (value: string): string => value.normalize("NFKC").trim().replace(/\s+/gu, " ").toLowerCase();

function timeOf(value: string): number | undefined {
  const [found, second] = [...value.matchAll(TIME)];
  if (found === undefined || second !== undefined) return undefined;
  const [, hours = "", minutes, seconds = "0", half] = found;
  const hour = half === undefined ? Number(hours) : (Number(hours) % 12) + (half.toLowerCase() === "p" ? 12 : 0);
  return hour > 23 ? undefined : hour * HOUR + Number(minutes) * MINUTE + Number(seconds);
}

const numberOf = (value: string): number | undefined =>
  NUMBER.test(value) ? Number(value.replaceAll(/[,%]/gu, "")) : undefined;

function dateOf(value: string): number | undefined {
  const [, year, month, day] = DATE.exec(value) ?? [];
  if (year === undefined) return undefined;
  const time = Date.UTC(Number(year), Number(month) - 1, Number(day));
  return new Date(time).getUTCDate() === Number(day) ? time / 86_400_000 : undefined;
}

const READERS = { time: timeOf, number: numberOf, date: dateOf } as const;

/** The meaning that nearly all values of a column have; a time of day may have a date beside it. */
export function meaningOf(values: readonly string[]): Meaning {
  const all = values.map(plain);
  for (const meaning of ["time", "date", "number"] as const) {
    const read = all.filter((value) => READERS[meaning](value) !== undefined).length;
    if (all.length > 0 && read >= LEAST_SHARE * all.length) return meaning;
  }
  return "text";
}

/** Two values mean the same if and only if this is the same. */
export function comparable(value: string, meaning: Meaning): string {
  const text = plain(value);
  const read = meaning === "text" ? undefined : READERS[meaning](text);
  return read === undefined ? text : `=${read}`;
}
