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

/** Figures of a rule in the one row of the pass: what was looked at, what fails, some of what fails. */
const FIGURES = 3;

/** All rules that a single row decides, the rows that they show, and the count of rows, in one pass over the table. */
export async function runRowChecks(
  bench: Workbench,
  table: CheckedTable,
  key: readonly string[],
  rules: readonly RowRule[],
): Promise<RowOutcomes> {
  const own = ownPrefix(table.columns);
  const figures = rules.flatMap((rule, at) => {
    const fails = `not ${own}r${at}`;
    const shown = [...key, ...columnsOf(rule)].map(name).join(", ");
    // Said twice: by the case no list is made of rows that hold, by the filter they are not passed on.
    const sample = `min(case when ${fails} then [${shown}] end, ${SAMPLE_SIZE}) filter (${fails})`;
    return [`count(${own}r${at})`, `count(*) filter (${fails})`, sample];
  });
  const [row = []] = await bench.rows(`select ${[...figures, "count(*)"].join(", ")} from (${judged(table, rules)})`);
  const outcomes = new Map<string, Outcome>();
  for (const [at, rule] of rules.entries()) {
    const [checked, failing, sample] = row.slice(at * FIGURES, (at + 1) * FIGURES);
    outcomes.set(rule.id, {
      checked: Number(checked),
      failing: Number(failing),
      sample: samplesOf(sample),
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

/** A list of rows as DuckDB gives it. */
export function samplesOf(cell: Cell | undefined): (string | null)[][] {
  if (!Array.isArray(cell)) return [];
  return (cell as readonly (readonly Cell[])[]).map((row) =>
    row.map((value) => (value === null ? null : String(value))),
  );
}
