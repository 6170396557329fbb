import type { Cell } from "./warning.js";

/** Days of use before which nothing is said to be usual. */
export const FEWEST_DAYS = 7;

/** What is usual of somebody: on the days on which there was any use. */
export interface Usual {
  readonly days: number;
  /** Of accesses in a day. */
  readonly median: number;
  /** Of rows in a day. */
  readonly medianRows: number;
  /** Days with accesses in quiet hours. */
  readonly quietDays: number;
}

/** A pair's history: what its days before one day come to. */
export interface Baseline extends Usual {
  readonly accesses: number;
  readonly officers: ReadonlyMap<string, Usual>;
  readonly grants: ReadonlyMap<string, Usual>;
  /** Accesses by purpose, scenario and way. */
  readonly mix: ReadonlyMap<string, number>;
  /** Percentages of look-ups that found nothing, of checks answered with no, and of refusals. */
  readonly emptyShare: number;
  readonly noShare: number;
  readonly refusedShare: number;
}

export interface QuietHours {
  readonly quietFrom: number;
  readonly quietTo: number;
}

export const dayIn = ({ hour }: Pick<Cell, "hour">): string => hour.slice(0, "2026-09-28".length);

/** Whether an hour is one in which nobody is expected to work; they may go past midnight. */
export function isQuiet({ hour }: Pick<Cell, "hour">, { quietFrom, quietTo }: QuietHours): boolean {
  const at = Number(hour.slice("2026-09-28T".length));
  return quietFrom <= quietTo ? quietFrom <= at && at < quietTo : quietFrom <= at || at < quietTo;
}

export const isRefused = ({ result }: Pick<Cell, "result">): boolean => result === "refused";
/** A platform need not say for what a call was: of that nothing can be unlike. */
export const saysPurpose = ({ purpose }: Pick<Cell, "purpose">): boolean => purpose !== "";
/** Nor who made it: nobody is not somebody. */
export const saysOfficer = ({ officer }: Pick<Cell, "officer">): boolean => officer !== "";
export const mixOf = ({ purpose, scenario, way }: Cell): string => [purpose, scenario, way].join("\u0000");

/** What the cells of earlier days come to. */
export function baselineOf(cells: readonly Cell[], quiet: QuietHours): Baseline {
  const given = cells.filter((cell) => !isRefused(cell));
  return {
    ...usualOf(given, quiet),
    accesses: sumOf(cells),
    officers: mapOf(
      grouped(given.filter(saysOfficer), ({ officer }) => officer),
      (some) => usualOf(some, quiet),
    ),
    grants: mapOf(
      grouped(given, ({ grant_case }) => grant_case),
      (some) => usualOf(some, quiet),
    ),
    mix: mapOf(grouped(given.filter(saysPurpose), mixOf), sumOf),
    emptyShare: shareOf(emptyOf(cells, "lookup"), servedOf(cells, "lookup")),
    noShare: shareOf(emptyOf(cells, "verification"), servedOf(cells, "verification")),
    refusedShare: shareOf(sumOf(cells.filter(isRefused)), sumOf(cells)),
  };
}

export const servedOf = (cells: readonly Cell[], way: string): number =>
  sumOf(cells.filter((cell) => cell.way === way && cell.result === "served" && cell.road === "gateway"));
export const emptyOf = (cells: readonly Cell[], way: string): number =>
  cells.reduce((sum, cell) => sum + (cell.way === way ? cell.empty : 0), 0);
export const sumOf = (cells: readonly Pick<Cell, "accesses">[]): number =>
  cells.reduce((sum, { accesses }) => sum + accesses, 0);
export const rowsOf = (cells: readonly Pick<Cell, "row_count">[]): number =>
  cells.reduce((sum, { row_count }) => sum + row_count, 0);

/** A percentage; of nothing, none. */
export const shareOf = (part: number, whole: number): number => (whole === 0 ? 0 : (100 * part) / whole);

export function grouped<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** The middle one; of an even number, the mean of the two in the middle; of none, 0. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const above = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? above : (above + (sorted[middle - 1] ?? above)) / 2;
}

function usualOf(cells: readonly Cell[], quiet: QuietHours): Usual {
  const days = [...grouped(cells, dayIn).values()];
  return {
    days: days.length,
    median: medianOf(days.map(sumOf)),
    medianRows: medianOf(days.map(rowsOf)),
    quietDays: days.filter((some) => some.some((cell) => isQuiet(cell, quiet))).length,
  };
}

function mapOf<T, R>(groups: ReadonlyMap<string, T>, make: (group: T) => R): ReadonlyMap<string, R> {
  return new Map([...groups].map(([key, group]) => [key, make(group)]));
}
