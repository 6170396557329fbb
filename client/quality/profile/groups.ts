import { type EncodedColumn, MISSING } from "./encoded-table.js";

/** Which rows have the same values in some columns. */
export interface Grouping {
  /** By row; MISSING where one of the values is. */
  readonly groups: Int32Array;
  readonly count: number;
}

/** Groups of rows by one column or several. */
export function groupBy(columns: readonly EncodedColumn[]): Grouping {
  const [first, ...others] = columns;
  if (first === undefined) throw new RangeError("rows are grouped by one column at least");
  let grouping: Grouping = { groups: first.codes, count: first.values.length };
  for (const column of others) grouping = refine(grouping, column);
  return grouping;
}

function refine({ groups }: Grouping, { codes, values }: EncodedColumn): Grouping {
  const known = new Map<number, number>();
  const refined = new Int32Array(groups.length);
  for (let row = 0; row < groups.length; row += 1) {
    const group = groups[row] as number;
    const code = codes[row] as number;
    if (group === MISSING || code === MISSING) {
      refined[row] = MISSING;
      continue;
    }
    const key = group * values.length + code;
    const found = known.get(key) ?? known.size;
    known.set(key, found);
    refined[row] = found;
  }
  return { groups: refined, count: known.size };
}

/** The rows of all groups one after the other, and where each group's begin; one place more says where the last end. */
export interface GroupedRows {
  readonly rows: Int32Array;
  readonly starts: Int32Array;
}

export function rowsOfGroups({ groups, count }: Grouping): GroupedRows {
  const starts = new Int32Array(count + 1);
  for (const group of groups) if (group !== MISSING) starts[group + 1] = (starts[group + 1] as number) + 1;
  for (let group = 0; group < count; group += 1)
    starts[group + 1] = (starts[group + 1] as number) + (starts[group] as number);
  const next = starts.slice();
  const rows = new Int32Array(starts[count] as number);
  for (let row = 0; row < groups.length; row += 1) {
    const group = groups[row] as number;
    if (group === MISSING) continue;
    const at = next[group] as number;
    rows[at] = row;
    next[group] = at + 1;
  }
  return { rows, starts };
}

/** How often each value of a column stands in each group. */
export class GroupCounts {
  /** By group: counts by value. */
  readonly #counts: Map<number, number>[];
  /** By group: rows in which the value is there. */
  readonly #sizes: Int32Array;

  constructor({ groups, count }: Grouping, codes: Int32Array) {
    this.#counts = Array.from({ length: count }, () => new Map<number, number>());
    this.#sizes = new Int32Array(count);
    for (let row = 0; row < codes.length; row += 1) {
      const group = groups[row] as number;
      const code = codes[row] as number;
      if (group === MISSING || code === MISSING) continue;
      const counts = this.#counts[group] as Map<number, number>;
      counts.set(code, (counts.get(code) ?? 0) + 1);
      this.#sizes[group] = (this.#sizes[group] as number) + 1;
    }
  }

  of(group: number): ReadonlyMap<number, number> {
    return this.#counts[group] ?? new Map();
  }

  sizeOf(group: number): number {
    return this.#sizes[group] ?? 0;
  }

  /** Of the groups of two rows or more that do not agree: those in which most rows differ from the most frequent value. */
  contradicted(most: number): { readonly group: number; readonly counts: ReadonlyMap<number, number> }[] {
    const found = [...this.#counts.entries()].flatMap(([group, counts]) =>
      counts.size > 1 ? [{ group, counts, differing: this.sizeOf(group) - mostFrequent(counts) }] : [],
    );
    return found.sort((a, b) => b.differing - a.differing || a.group - b.group).slice(0, most);
  }

  /** Over groups of two rows or more: their rows, and those that have their group's most frequent value. */
  agreement(): { readonly groups: number; readonly rows: number; readonly agreeing: number } {
    let groups = 0;
    let rows = 0;
    let agreeing = 0;
    for (const [group, counts] of this.#counts.entries()) {
      const size = this.sizeOf(group);
      if (size < 2) continue;
      groups += 1;
      rows += size;
      agreeing += mostFrequent(counts);
    }
    return { groups, rows, agreeing };
  }
}

/** One by one: a group can have as many values as a table has rows, more than a function takes arguments. */
function mostFrequent(counts: ReadonlyMap<number, number>): number {
  let most = 0;
  for (const count of counts.values()) most = Math.max(most, count);
  return most;
}
