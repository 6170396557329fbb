import { QualityError } from "../../core/index.js";
import { atOnce, type Steps } from "../engine/steps.js";
import { type EncodedColumn, type EncodedTable, MISSING } from "../profile/encoded-table.js";
import { type GroupedRows, rowsOfGroups } from "../profile/groups.js";
import { align, type Joined } from "./alignment.js";
import { type ReadColumn, readColumn, type Thing } from "./column-claims.js";
import type { Meaning } from "./meaning.js";
import { judgementSteps } from "./reliability.js";

export interface ComparisonRequest {
  /** Rows of all sources together. */
  readonly table: EncodedTable;
  /** The column that names a row's source. */
  readonly source: string;
  /** The columns that name what a row is about: rows with the same values are about the same. */
  readonly key: readonly string[];
  /** Columns of names by which rows are aligned too: nearly the same is the same (`align`). They are compared as well. */
  readonly nearly?: readonly string[];
  /** What is compared. Default: all other columns that are no key of their own. */
  readonly columns?: readonly string[];
  /** Claims of each source, beside these, on which all sources agree. Default 0. */
  readonly settled?: number;
  /** How far apart numbers, or times in seconds, may be to count as one. By column; default 0. */
  readonly tolerance?: Readonly<Record<string, number>>;
}

/** A cell that differs from what is likely. */
export interface DoubtfulCell {
  /** From 0. */
  readonly row: number;
  /** What the row is about: the values of the key. */
  readonly key: readonly string[];
  readonly column: string;
  readonly source: string;
  readonly value: string | null;
  readonly likely: string;
  /** Another value, the same value written otherwise, or none where others have one. */
  readonly kind: "value" | "notation" | "missing";
  /** How sure it is that the likely value is right. */
  readonly confidence: number;
  /** Sources that say the likely value, and all that say anything. */
  readonly support: readonly [number, number];
}

export interface ColumnAgreement {
  readonly column: string;
  readonly meaning: Meaning;
  /** Things about which two sources or more say something, and those on which all agree. */
  readonly compared: number;
  readonly agreed: number;
}

export interface Comparison {
  /** Most reliable first. */
  readonly sources: readonly { readonly source: string; readonly reliability: number; readonly claims: number }[];
  readonly columns: readonly ColumnAgreement[];
  readonly cells: readonly DoubtfulCell[];
  /** Names that were taken for one. */
  readonly joined: readonly Joined[];
  /** Names that may be either of two others: aligned with neither. */
  readonly ambiguous: number;
  /** By source: of how many things no other speaks. */
  readonly alone: readonly { readonly source: string; readonly rows: number }[];
}

const THINGS_A_STEP = 1000;

/** @throws QualityError RULES_DO_NOT_FIT for a column that is not there */
export const compareSources = (request: ComparisonRequest): Comparison => atOnce(comparisonSteps(request));

/** The same, column by column, and some things at a time. @throws QualityError RULES_DO_NOT_FIT */
export function* comparisonSteps({
  table,
  source,
  key,
  nearly = [],
  columns,
  settled = 0,
  tolerance = {},
}: ComparisonRequest): Steps<Comparison> {
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  const columnOf = (wanted: string): EncodedColumn => {
    const column = byName.get(wanted);
    if (column === undefined) throw new QualityError("RULES_DO_NOT_FIT", `there is no column "${wanted}"`);
    return column;
  };
  const sources = columnOf(source);
  const keys = key.map(columnOf);
  const names = nearly.map(columnOf);
  const { joined, ambiguous, ...grouping } = align(sources, keys, names);
  const members = rowsOfGroups(grouping);
  const wanted = columns ?? defaultColumns(table, [source, ...key]);
  const compared: ReadColumn[] = [];
  for (const column of wanted) {
    yield compared.length / wanted.length;
    compared.push(readColumn(columnOf(column), { sources, members, tolerance: tolerance[column] ?? 0 }));
  }
  const judgement = yield* judgementSteps(
    compared.flatMap(({ things }) => things.map(({ claims }) => claims)),
    sources.values.map((_, source) => sum(compared, ({ same }) => same.together[source] ?? 0) + settled),
  );
  const claims = sources.values.map(
    (_, source) => sum(compared, ({ same }) => (same.together[source] ?? 0) + (same.alone[source] ?? 0)) + settled,
  );
  const cells: Omit<DoubtfulCell, "key">[] = [];
  const agreement: ColumnAgreement[] = [];
  let at = 0;
  for (const { column, meaning, things, formCounts, same } of compared) {
    let several = same.compared;
    let agreed = same.compared;
    for (const thing of things) {
      if (at % THINGS_A_STEP === 0) yield at / judgement.probabilities.length;
      const probabilities = judgement.probabilities[at++] ?? new Map();
      for (const said of thing.claims.sources) claims[said] = (claims[said] ?? 0) + 1;
      if (thing.claims.sources.length > 1) {
        several += 1;
        if (probabilities.size === 1) agreed += 1;
      }
      cells.push(...doubtful(thing, { column, formCounts }, sources, probabilities));
    }
    agreement.push({ column: column.name, meaning, compared: several, agreed });
  }
  const reliability = sources.values.map((name, number) => {
    return { source: name, reliability: judgement.reliability[number] ?? 0, claims: claims[number] ?? 0 };
  });
  return {
    sources: reliability.sort((a, b) => b.reliability - a.reliability || (a.source < b.source ? -1 : 1)),
    columns: agreement,
    cells: cells
      .map((cell) => ({
        ...cell,
        key: [...keys, ...names].map(({ codes, values }) => values[codes[cell.row] as number] ?? ""),
      }))
      .sort((a, b) => a.row - b.row || (a.column < b.column ? -1 : 1)),
    joined,
    ambiguous,
    alone: aloneIn(sources, members),
  };
}

function aloneIn({ codes, values }: EncodedColumn, { starts, rows }: GroupedRows): Comparison["alone"] {
  const counts = values.map((source) => ({ source, rows: 0 }));
  for (let thing = 0; thing + 1 < starts.length; thing += 1) {
    const from = new Set<number>();
    for (let at = starts[thing] as number; at < (starts[thing + 1] as number); at += 1)
      from.add(codes[rows[at] as number] as number);
    const [source = MISSING, ...others] = from;
    const count = others.length === 0 ? counts[source] : undefined;
    if (count !== undefined) count.rows += 1;
  }
  return counts;
}

function sum<T>(all: readonly T[], count: (one: T) => number): number {
  return all.reduce((total, one) => total + count(one), 0);
}

/** A column that is different in every row numbers the rows; there is nothing to compare in it. */
function defaultColumns(table: EncodedTable, without: readonly string[]): string[] {
  const rest = table.columns.filter(({ name }) => !without.includes(name));
  return rest.filter(({ values }) => values.length < table.rows).map(({ name }) => name);
}

function doubtful(
  { rows, meanings, claims }: Thing,
  { column, formCounts }: Pick<ReadColumn, "column" | "formCounts">,
  sources: EncodedColumn,
  probabilities: ReadonlyMap<number, number>,
): Omit<DoubtfulCell, "key">[] {
  const [likely] = [...probabilities].sort(([a, p], [b, q]) => q - p || a - b);
  if (likely === undefined) return [];
  const [meaning, confidence] = likely;
  const spelling = usualSpelling(rows, meanings, meaning, { column, formCounts });
  const support = [claims.values.filter((value) => value === meaning).length, claims.values.length] as const;
  return rows.flatMap((row, at) => {
    const code = column.codes[row] as number;
    const value = code === MISSING ? null : (column.values[code] ?? null);
    if (value === spelling) return [];
    const kind = value === null ? "missing" : meanings[at] === meaning ? "notation" : "value";
    const from = sources.values[sources.codes[row] as number] ?? "";
    return [{ row, column: column.name, source: from, value, likely: spelling, kind, confidence, support } as const];
  });
}

/** Among the ways in which the value is written: the one that is written as most of the column is; then the most frequent. */
function usualSpelling(
  rows: readonly number[],
  meanings: readonly number[],
  meaning: number,
  { column: { codes, values }, formCounts }: Pick<ReadColumn, "column" | "formCounts">,
): string {
  const counts = new Map<number, number>();
  for (const [at, row] of rows.entries()) {
    const code = codes[row] as number;
    if (meanings[at] === meaning) counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  const ways = [...counts].map(([code, count]) => ({ text: values[code] ?? "", count, form: formCounts[code] ?? 0 }));
  const [usual] = ways.sort((a, b) => b.form - a.form || b.count - a.count || (a.text < b.text ? -1 : 1));
  return usual?.text ?? "";
}
