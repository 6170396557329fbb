import type { CheckedTable } from "../engine/checked-table.js";
import { name, ownPrefix } from "../engine/sql-text.js";
import type { Cell, Workbench } from "../engine/workbench.js";
import { columnsOf } from "../rules/rule.js";
import { type Outcome, SAMPLE_SIZE } from "./outcome.js";
import { type RowCheck, type RowRule, rowCheck } from "./row-checks.js";

/** What one pass over the table gives. */
export interface RowOutcomes {
  readonly rows: number;
  readonly outcomes: Map<string, Outcome>;
}

/**
 * All rules that a single row decides, and the count of rows, in one pass over the table; a second one shows rows that
 * fail, where there are any.
 */
export async function runRowChecks(
  bench: Workbench,
  table: CheckedTable,
  key: readonly string[],
  rules: readonly RowRule[],
): Promise<RowOutcomes> {
  const own = ownPrefix(table.columns);
  const figures = rules.flatMap((_, at) => [`count(${own}r${at})`, `count(*) filter (not ${own}r${at})`]);
  const [row = []] = await bench.rows(`select ${[...figures, "count(*)"].join(", ")} from (${judged(table, rules)})`);
  const failing = rules.filter((_, at) => Number(row[2 * at + 1]) > 0);
  const samples = await sampleRows(bench, table, key, failing);
  const outcomes = new Map<string, Outcome>();
  for (const [at, rule] of rules.entries()) {
    outcomes.set(rule.id, {
      checked: Number(row[2 * at]),
      failing: Number(row[2 * at + 1]),
      sample: samples.get(rule) ?? [],
      sampleColumns: [...key, ...columnsOf(rule)],
    });
  }
  return { rows: Number(row.at(-1)), outcomes };
}

/** The table with a column for each rule: whether it holds; null where the rule does not look at the row. */
function judged({ view, columns }: CheckedTable, rules: readonly RowRule[]): string {
  const own = ownPrefix(columns);
  const checks = rules.map((rule) => rowCheck(rule) as RowCheck);
  const holds = checks.map((check, at) => `coalesce(${check.holds}, false) as ${own}h${at}`);
  const states = checks.map((check, at) => `case when ${check.applies} then ${own}h${at} end as ${own}r${at}`);
  return `select ${["*", ...states].join(", ")} from (select ${["*", ...holds].join(", ")} from ${name(view)})`;
}

async function sampleRows(
  bench: Workbench,
  table: CheckedTable,
  key: readonly string[],
  rules: readonly RowRule[],
): Promise<Map<RowRule, Outcome["sample"]>> {
  if (rules.length === 0) return new Map();
  const own = ownPrefix(table.columns);
  const lists = rules.map((rule, at) => {
    const shown = [...key, ...columnsOf(rule)].map(name).join(", ");
    return `min(case when not ${own}r${at} then [${shown}] end, ${SAMPLE_SIZE})`;
  });
  const [row = []] = await bench.rows(`select ${lists.join(", ")} from (${judged(table, rules)})`);
  return new Map(rules.map((rule, at) => [rule, samplesOf(row[at])]));
}

/** A list of rows as DuckDB gives it. */
export function samplesOf(cell: Cell | undefined): (string | null)[][] {
  if (!Array.isArray(cell)) return [];
  return (cell as readonly (readonly Cell[])[]).map((row) =>
    row.map((value) => (value === null ? null : String(value))),
  );
}
