import { name } from "../engine/sql-text.js";
import type { Cell, Workbench } from "../engine/workbench.js";
import { columnsOf } from "../rules/rule.js";
import { type Outcome, SAMPLE_SIZE } from "./outcome.js";
import { type RowCheck, type RowRule, rowCheck } from "./row-checks.js";

const FIGURES = 3;

/** All rules that a single row decides, in one pass over the table. */
export async function runRowChecks(
  bench: Workbench,
  view: string,
  key: readonly string[],
  rules: readonly RowRule[],
): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  if (rules.length === 0) return outcomes;
  const states: string[] = [];
  const figures: string[] = [];
  for (const [at, rule] of rules.entries()) {
    const { applies, holds } = rowCheck(rule) as RowCheck;
    const shown = [...key, ...columnsOf(rule)].map(name).join(", ");
    // Null: not looked at. The row's columns are put together for the failing alone.
    states.push(`case when ${applies} then coalesce(${holds}, false) end as r${at}`);
    figures.push(`count(r${at})`, `count(*) filter (not r${at})`);
    figures.push(`min(case when not r${at} then [${shown}] end, ${SAMPLE_SIZE})`);
  }
  const sql = `select ${figures.join(", ")} from (select *, ${states.join(", ")} from ${name(view)})`;
  const [row = []] = await bench.rows(sql);
  for (const [at, rule] of rules.entries()) {
    const [checked, failing, sample] = row.slice(at * FIGURES, (at + 1) * FIGURES);
    outcomes.set(rule.id, {
      checked: Number(checked),
      failing: Number(failing),
      sample: samplesOf(sample),
      sampleColumns: [...key, ...columnsOf(rule)],
    });
  }
  return outcomes;
}

/** A list of rows as DuckDB gives it. */
export function samplesOf(cell: Cell | undefined): (string | null)[][] {
  if (!Array.isArray(cell)) return [];
  return (cell as readonly (readonly Cell[])[]).map((row) =>
    row.map((value) => (value === null ? null : String(value))),
  );
}
