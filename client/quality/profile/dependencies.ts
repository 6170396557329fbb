import { atOnce, type Steps } from "../engine/steps.js";
import { type EncodedColumn, type EncodedTable, MISSING } from "./encoded-table.js";
import { GroupCounts, groupBy } from "./groups.js";

/** Equal in the determinant, so equal in the dependent, but for some rows. */
export interface Dependency {
  readonly determinant: readonly string[];
  readonly dependent: string;
  /** Share of rows that agree with their group. */
  readonly confidence: number;
}

/** Rows that must stand in groups of two or more, as a share of those that have the value: less is no support. */
const LEAST_SUPPORT = 0.5;
const LEAST_CONFIDENCE = 0.9;
/** A dependency says something only if it leaves at most half of the errors that the most frequent value alone would leave. */
const MOST_OF_BASE_ERROR = 0.5;

/** Dependencies between single columns that hold but for errors. A file of one's own may say more. */
export const findDependencies = (table: EncodedTable): Dependency[] => atOnce(dependencySteps(table));

/** The same, pair by pair of columns. */
export function* dependencySteps(table: EncodedTable): Steps<Dependency[]> {
  const found: Dependency[] = [];
  for (const [at, determinant] of table.columns.entries()) {
    const grouping = groupBy([determinant]);
    // Where nearly every value is alone, there are no groups to agree.
    if (grouping.count > table.rows * (1 - LEAST_SUPPORT / 2)) continue;
    for (const dependent of table.columns) {
      if (dependent === determinant) continue;
      yield at / table.columns.length;
      const confidence = confidenceOf(new GroupCounts(grouping, dependent.codes), dependent);
      if (confidence === undefined) continue;
      found.push({ determinant: [determinant.name], dependent: dependent.name, confidence });
    }
  }
  return found;
}

function confidenceOf(counts: GroupCounts, dependent: EncodedColumn): number | undefined {
  const { rows: present, most } = baseOf(dependent);
  const { groups, rows, agreeing } = counts.agreement();
  if (present === 0 || groups < 2 || rows < LEAST_SUPPORT * present) return undefined;
  const confidence = agreeing / rows;
  const baseError = 1 - most / present;
  // What is constant follows from everything, which says nothing.
  if (baseError === 0) return undefined;
  return confidence >= LEAST_CONFIDENCE && 1 - confidence <= MOST_OF_BASE_ERROR * baseError ? confidence : undefined;
}

/** Rows that have a value, and how many of them the most frequent one. */
function baseOf({ codes, values }: EncodedColumn): { readonly rows: number; readonly most: number } {
  const counts = new Int32Array(values.length);
  let rows = 0;
  for (const code of codes) {
    if (code === MISSING) continue;
    counts[code] = (counts[code] as number) + 1;
    rows += 1;
  }
  return { rows, most: counts.reduce((most, count) => Math.max(most, count), 0) };
}
