import { literal, name } from "../engine/sql-text.js";
import type { Workbench } from "../engine/workbench.js";
import { DATE_FORMATS, type RuleOf } from "../rules/rule.js";
import type { Outcome } from "./outcome.js";
import { present, textAs } from "./row-checks.js";

/** Ten-thousandths: shares are whole numbers in a report, so that everybody writes them alike. */
const WHOLE = 10_000;

/** One statement about the whole table: it holds or it does not. */
const statement = (holds: boolean, measured: Outcome["measured"] & object): Outcome => ({
  checked: 1,
  failing: holds ? 0 : 1,
  sample: [],
  sampleColumns: [],
  measured,
});

/** @param asOf the day of the check, `yyyy-MM-dd` */
export async function runFreshness(
  bench: Workbench,
  view: string,
  rule: RuleOf<"freshness">,
  asOf: string,
): Promise<Outcome> {
  const day = textAs(name(rule.column), "date", rule.format);
  const [row = []] = await bench.rows(`
    select strftime(newest, ${literal(DATE_FORMATS["yyyy-MM-dd"].duckdb)}), date_diff('day', cast(newest as date), date ${literal(asOf)})
    from (select max(${day}) as newest from ${name(view)} where ${present(rule.column)})`);
  const [newest, age] = row;
  if (newest === null || newest === undefined) return statement(false, { newest: null, ageDays: null });
  const ageDays = Number(age);
  return statement(ageDays <= rule.withinDays, { newest: String(newest), ageDays });
}

/** Without a column: by how much the count of rows has changed. With one: half the sum of what each value's share has moved. */
export async function runDrift(bench: Workbench, view: string, rule: RuleOf<"drift">): Promise<Outcome> {
  const { table, column, atMost } = rule;
  const count = async (of: string) => Number((await bench.rows(`select count(*) from ${name(of)}`))[0]?.[0]);
  const [rows, rowsBefore] = [await count(view), await count(table)];
  if (column === undefined) {
    const change =
      rowsBefore === 0 ? (rows === 0 ? 0 : WHOLE) : Math.ceil((Math.abs(rows - rowsBefore) * WHOLE) / rowsBefore);
    return statement(change <= atMost, { rows, rowsBefore, change });
  }
  if (rows === 0 || rowsBefore === 0) {
    const change = rows === rowsBefore ? 0 : WHOLE;
    return statement(change <= atMost, { rows, rowsBefore, change });
  }
  const counted = (of: string) => `select ${name(column)} as v, count(*) as n from ${name(of)} group by all`;
  // In whole numbers over a common denominator: sums of fractions hang on the order in which they are added.
  const [row = []] = await bench.rows(`
    select sum(abs(cast(coalesce(a.n, 0) as hugeint) * ${rowsBefore} - cast(coalesce(b.n, 0) as hugeint) * ${rows}))
    from (${counted(view)}) a full join (${counted(table)}) b on (a.v is not distinct from b.v)`);
  const moved = BigInt(String(row[0] ?? 0));
  const both = 2n * BigInt(rows) * BigInt(rowsBefore);
  const change = Number((moved * BigInt(WHOLE) + both - 1n) / both);
  return statement(change <= atMost, { rows, rowsBefore, change });
}
