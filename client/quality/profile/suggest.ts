import { stringify } from "yaml";
import { atOnce, type Steps } from "../engine/steps.js";
import { DATE_FORMATS, type DateFormat, type Rule } from "../rules/rule.js";
import { type Dependency, dependencySteps } from "./dependencies.js";
import { type EncodedColumn, type EncodedTable, MISSING } from "./encoded-table.js";
import { GroupCounts, groupBy } from "./groups.js";
import { countCodes, shapesOf } from "./shapes.js";

/** A rule that the data itself speaks for, for a person to accept. */
export interface Suggestion {
  readonly rule: Rule;
  /** Share of the rows looked at that hold. */
  readonly support: number;
  /** Values that do not, the most frequent first. */
  readonly against: readonly string[];
}

/** Less is no rule but a habit. */
const LEAST_SUPPORT = 0.95;
const MOST_SHOWN = 5;
/** A list of more values is no code list. */
const MOST_CODES = 50;
/** A code stands in so many rows on average, or the column is no code list. */
const ROWS_PER_CODE = 10;
/** Tukey's far fences: what lies so many quartile ranges outside the middle half is an outlier. */
const FENCES = 3;
/** Fewer rows tell nothing about what is usual. */
const LEAST_ROWS = 20;

/** Values with their counts, the most frequent first. */
interface Profile {
  readonly column: EncodedColumn;
  readonly present: number;
  readonly missing: number;
  readonly counted: readonly (readonly [value: string, count: number])[];
}

/** Rules for each column, and dependencies between columns. A table of fewer than twenty rows gets none. */
export const suggestRules = (table: EncodedTable): Suggestion[] => atOnce(suggestionSteps(table));

/** The same, column by column and pair by pair. */
export function* suggestionSteps(table: EncodedTable): Steps<Suggestion[]> {
  if (table.rows < LEAST_ROWS) return [];
  const found: Suggestion[] = [];
  for (const [at, column] of table.columns.entries()) {
    yield at / table.columns.length;
    found.push(...suggestForColumn(profileOf(column)));
  }
  for (const dependency of yield* dependencySteps(table)) {
    const { determinant, dependent, confidence } = dependency;
    const rule = named({ check: "dependency", determinant: [...determinant], dependent, dimension: "consistency" });
    found.push({ rule, support: confidence, against: contradictionsOf(table, dependency) });
  }
  return numbered(found);
}

/** `南阳: 4113 ×9, 4117 ×1`: a value of the determinant, and what stands beside it, the most frequent first. */
function contradictionsOf(table: EncodedTable, { determinant, dependent }: Dependency): string[] {
  const columnOf = (wanted: string) => table.columns.filter(({ name }) => name === wanted);
  const determinants = determinant.flatMap(columnOf);
  const [follows] = columnOf(dependent);
  if (follows === undefined) return [];
  const grouping = groupBy(determinants);
  return new GroupCounts(grouping, follows.codes).contradicted(MOST_SHOWN).map(({ group, counts }) => {
    const row = grouping.groups.indexOf(group);
    const name = determinants.map(({ codes, values }) => values[codes[row] as number] ?? "").join(", ");
    const values = [...counts].sort(([a, m], [b, n]) => n - m || a - b).slice(0, MOST_SHOWN);
    return `${name}: ${values.map(([code, count]) => `${follows.values[code] ?? ""} ×${count}`).join(", ")}`;
  });
}

function profileOf(column: EncodedColumn): Profile {
  const counts = countCodes(column.codes, column.values.length);
  const counted = column.values.map((value, code) => [value, counts[code] ?? 0] as const);
  const missing = column.codes.reduce((sum, code) => sum + (code === MISSING ? 1 : 0), 0);
  return {
    column,
    missing,
    present: column.codes.length - missing,
    counted: counted.toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)),
  };
}

function suggestForColumn(profile: Profile): Suggestion[] {
  const { column, present, missing, counted } = profile;
  if (present < LEAST_ROWS) return [];
  const found: Suggestion[] = [];
  const support = present / (present + missing);
  if (support >= LEAST_SUPPORT) {
    const rule = named({ check: "notNull", column: column.name, dimension: "completeness" });
    found.push({ rule, support, against: [] });
  }
  if (counted.length >= LEAST_SUPPORT * present) {
    const rule = named({ check: "unique", columns: [column.name], dimension: "accuracy" });
    const twice = counted.filter(([, count]) => count > 1).map(([value]) => value);
    found.push({ rule, support: counted.length / present, against: twice.slice(0, MOST_SHOWN) });
  }
  const look = suggestDate(profile) ?? suggestCodes(profile) ?? suggestFormat(profile);
  if (look !== undefined) found.push(look);
  const range = suggestRange(profile);
  if (range !== undefined) found.push(range);
  return found;
}

/** A rule, if enough rows hold. */
function ifSupported(profile: Profile, rule: Rule, holds: (value: string) => boolean): Suggestion | undefined {
  const against = profile.counted.filter(([value]) => !holds(value));
  const failing = against.reduce((sum, [, count]) => sum + count, 0);
  const support = 1 - failing / profile.present;
  if (support < LEAST_SUPPORT) return undefined;
  return { rule, support, against: against.slice(0, MOST_SHOWN).map(([value]) => value) };
}

const FORMS: Readonly<Record<DateFormat, RegExp>> = {
  "yyyy-MM-dd": /^(\d{4})-(\d{2})-(\d{2})$/,
  yyyyMMdd: /^([12]\d{3})(\d{2})(\d{2})$/,
  "yyyy/MM/dd": /^(\d{4})\/(\d{2})\/(\d{2})$/,
  yyyy年MM月dd日: /^(\d{4})年(\d{2})月(\d{2})日$/,
};

function suggestDate(profile: Profile): Suggestion | undefined {
  for (const format of Object.keys(DATE_FORMATS) as DateFormat[]) {
    const rule = named({ check: "date", column: profile.column.name, format, dimension: "accuracy" });
    const found = ifSupported(profile, rule, (value) => isDay(FORMS[format].exec(value)));
    if (found !== undefined) return found;
  }
  return undefined;
}

function isDay(parts: RegExpExecArray | null): boolean {
  if (parts === null) return false;
  const [, year, month, day] = parts.map(Number);
  const date = new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, day));
  return date.getUTCMonth() + 1 === month && date.getUTCDate() === day;
}

function suggestCodes(profile: Profile): Suggestion | undefined {
  const { present, counted, column } = profile;
  // Rare values beside frequent ones are errors more often than codes.
  const usual = counted.filter(([, count]) => count >= Math.max(2, present / (ROWS_PER_CODE * MOST_CODES)));
  if (usual.length === 0 || usual.length > MOST_CODES || usual.length * ROWS_PER_CODE > present) return undefined;
  const values = usual.map(([value]) => value).sort();
  const known = new Set(values);
  const rule = named({ check: "codes", column: column.name, values, dimension: "compliance" });
  return ifSupported(profile, rule, (value) => known.has(value));
}

function suggestFormat({ column, counted }: Profile): Suggestion | undefined {
  const shapes = shapesOf(column);
  if (shapes === undefined) return undefined;
  const fits = new Map(column.values.map((value, code) => [value, shapes.fits[code] === true]));
  const against = counted.filter(([value]) => fits.get(value) !== true).map(([value]) => value);
  const rule = named({ check: "format", column: column.name, pattern: shapes.pattern, dimension: "compliance" });
  return { rule, support: shapes.support, against: against.slice(0, MOST_SHOWN) };
}

/** For amounts: digits that begin with a zero are a code, and nearly all different are a number of something. */
function suggestRange(profile: Profile): Suggestion | undefined {
  const { counted, present, column } = profile;
  const isAmount = (value: string) => /^-?(0|[1-9][0-9]{0,14})(\.[0-9]+)?$/.test(value);
  const amounts = counted.filter(([value]) => isAmount(value));
  const rows = amounts.reduce((sum, [, count]) => sum + count, 0);
  if (rows < LEAST_SUPPORT * present || counted.length > present / 2) return undefined;
  const sorted = amounts.map(([value, count]) => [Number(value), count] as const).sort(([a], [b]) => a - b);
  const at = (share: number) => {
    let before = 0;
    for (const [value, count] of sorted) {
      before += count;
      if (before >= share * rows) return value;
    }
    return 0;
  };
  const spread = at(0.75) - at(0.25);
  if (spread === 0) return undefined;
  const [low, high] = [at(0.25) - FENCES * spread, at(0.75) + FENCES * spread];
  const inside = sorted.filter(([value]) => value >= low && value <= high);
  const [min, max] = [inside[0]?.[0] ?? 0, inside.at(-1)?.[0] ?? 0];
  const rule = named({
    check: "range",
    column: column.name,
    as: "number",
    min: String(min),
    max: String(max),
    dimension: "accuracy",
  });
  return ifSupported(profile, rule, (value) => isAmount(value) && Number(value) >= min && Number(value) <= max);
}

type Unnamed<R> = R extends Rule ? Omit<R, "id"> : never;

/** A suggestion is of little weight until somebody has looked at it. */
function named(rule: Unnamed<Rule>): Rule {
  return { id: "", severity: "warning", ...rule } as Rule;
}

function numbered(suggestions: readonly Suggestion[]): Suggestion[] {
  const counts = new Map<string, number>();
  return suggestions.map((suggestion) => {
    const kind = suggestion.rule.check.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const number = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, number);
    return { ...suggestion, rule: { ...suggestion.rule, id: `${kind}-${number}` } };
  });
}

/** Rounded down: what has counter-examples does not hold everywhere. */
const percent = (share: number): string => `${(Math.floor(share * 10_000) / 100).toFixed(2)}%`;

/** A rule file to begin from: each rule with its support and what speaks against it. */
export function suggestionsAsYaml(key: readonly string[], suggestions: readonly Suggestion[]): string {
  const head = { version: 1, id: "suggested", revision: 1, title: { zh: "建议规则", en: "suggested rules" }, key };
  const rules = suggestions.map(({ rule, support, against }) => {
    // What stands in a comment must not end it.
    const shown = against.map((value) => JSON.stringify(value)).join(", ");
    const held = percent(support);
    const note = `  # ${held}成立 holds in ${held}${shown === "" ? "" : `；反例 against: ${shown}`}`;
    const [first = "", ...rest] = stringify(rule).trimEnd().split("\n");
    return [note, `  - ${first}`, ...rest.map((line) => `    ${line}`)].join("\n");
  });
  return `${stringify(head)}rules:\n${rules.join("\n")}\n`;
}
