import { type EncodedColumn, MISSING } from "../profile/encoded-table.js";
import type { GroupedRows } from "../profile/groups.js";
import { countCodes, formOf } from "../profile/shapes.js";
import { comparable, type Meaning, meaningOf } from "./meaning.js";
import type { Claims } from "./reliability.js";

/** One thing in one column: what is said about it, and the rows that say it or do not. */
export interface Thing {
  readonly rows: readonly number[];
  /** By row: the number of the value's meaning; MISSING where there is none. */
  readonly meanings: readonly number[];
  readonly claims: Claims;
}

/** Things about which all rows have the same text: nothing of them is in doubt. */
interface Same {
  /** Things about which two sources or more say it. */
  readonly compared: number;
  /** By source: its claims on those, and on what it speaks of alone. */
  readonly together: Int32Array;
  readonly alone: Int32Array;
}

export interface ReadColumn {
  readonly column: EncodedColumn;
  readonly meaning: Meaning;
  /** By code: how many rows of the column are written in the form of this value. */
  readonly formCounts: readonly number[];
  /** Those about which not all rows have the same text. */
  readonly things: readonly Thing[];
  readonly same: Same;
}

interface Reading {
  readonly sources: EncodedColumn;
  /** The rows of each thing. */
  readonly members: GroupedRows;
  readonly tolerance: number;
}

/** What is said in a column. Most sources agree about most things: of those no more is kept than how many they are. */
export function readColumn(column: EncodedColumn, { sources, members, tolerance }: Reading): ReadColumn {
  const meaning = meaningOf(column.values);
  const { differing, same } = split(column, sources, members);
  if (differing.length === 0) return { column, meaning, formCounts: [], things: [], same };
  const numbers = meaningNumbers(column.values, meaning);
  const things = differing.map((rows): Thing => {
    const own = rows.map((row) => {
      const code = column.codes[row] as number;
      return code === MISSING ? MISSING : (numbers.of[code] as number);
    });
    const meanings = tolerance > 0 ? within(tolerance, own, numbers.texts) : own;
    const said = rows.map((row, at) => [sources.codes[row] as number, meanings[at] as number] as const);
    const claims = said.filter(([from, value]) => from !== MISSING && value !== MISSING);
    return {
      rows,
      meanings,
      claims: { sources: claims.map(([from]) => from), values: claims.map(([, value]) => value) },
    };
  });
  return { column, meaning, formCounts: countForms(column), things, same };
}

/** Things by whether all of their rows have the same text, or none. */
function split({ codes }: EncodedColumn, sources: EncodedColumn, { starts, rows }: GroupedRows) {
  const together = new Int32Array(sources.values.length);
  const alone = new Int32Array(sources.values.length);
  const differing: number[][] = [];
  let compared = 0;
  for (let thing = 0; thing + 1 < starts.length; thing += 1) {
    const [from, to] = [starts[thing] as number, starts[thing + 1] as number];
    const first = codes[rows[from] as number];
    let claims = 0;
    let isSame = true;
    for (let at = from; at < to; at += 1) {
      const row = rows[at] as number;
      if (codes[row] !== first) isSame = false;
      if (sources.codes[row] !== MISSING) claims += 1;
    }
    if (!isSame) differing.push([...rows.subarray(from, to)]);
    if (!isSame || first === MISSING) continue;
    if (claims > 1) compared += 1;
    const counts = claims > 1 ? together : alone;
    for (let at = from; at < to; at += 1) {
      const source = sources.codes[rows[at] as number] as number;
      if (source !== MISSING) counts[source] = (counts[source] as number) + 1;
    }
  }
  return { differing, same: { compared, together, alone } };
}

function countForms({ codes, values }: EncodedColumn): number[] {
  const counts = countCodes(codes, values.length);
  const forms = values.map(formOf);
  const byForm = new Map<string, number>();
  for (const [code, form] of forms.entries()) byForm.set(form, (byForm.get(form) ?? 0) + (counts[code] ?? 0));
  return forms.map((form) => byForm.get(form) ?? 0);
}

function meaningNumbers(values: readonly string[], meaning: Meaning) {
  const known = new Map<string, number>();
  const of = values.map((value) => {
    const text = comparable(value, meaning);
    const number = known.get(text) ?? known.size;
    known.set(text, number);
    return number;
  });
  return { of, texts: [...known.keys()] };
}

/** Values closer than the tolerance to the most frequent one, then to the next, count as that one. */
function within(tolerance: number, meanings: readonly number[], texts: readonly string[]): number[] {
  const counts = new Map<number, number>();
  for (const meaning of meanings) if (meaning !== MISSING) counts.set(meaning, (counts.get(meaning) ?? 0) + 1);
  const numberOf = (meaning: number) => Number((texts[meaning] ?? "").slice(1) || Number.NaN);
  const byCount = [...counts.keys()].sort(
    (a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0) || numberOf(a) - numberOf(b),
  );
  const heads: number[] = [];
  const head = new Map<number, number>();
  for (const meaning of byCount) {
    const near = heads.find((one) => Math.abs(numberOf(one) - numberOf(meaning)) <= tolerance);
    if (near === undefined) heads.push(meaning);
    head.set(meaning, near ?? meaning);
  }
  return meanings.map((meaning) => head.get(meaning) ?? MISSING);
}
