import { name } from "../engine/sql-text.js";
import type { Workbench } from "../engine/workbench.js";
import type { Rule, RuleOf } from "../rules/rule.js";
import { type Outcome, SAMPLE_SIZE } from "./outcome.js";
import { present } from "./row-checks.js";
import { samplesOf } from "./run-row-checks.js";

/** A rule that rows with the same values in some columns decide together. */
export type GroupRule = RuleOf<"unique"> | RuleOf<"dependency">;

export const isGroupRule = (rule: Rule): rule is GroupRule => rule.check === "unique" || rule.check === "dependency";

/** The rules over the same groups share one pass; only what fails costs another, over its groups alone. */
export async function runGroupChecks(
  bench: Workbench,
  view: string,
  rules: readonly GroupRule[],
): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  for (const [columns, together] of byColumns(rules)) {
    for (const [id, outcome] of await runOneGrouping(bench, view, columns, together)) outcomes.set(id, outcome);
  }
  return outcomes;
}

const groupColumns = (rule: GroupRule): readonly string[] =>
  rule.check === "unique" ? rule.columns : rule.determinant;

function byColumns(rules: readonly GroupRule[]): [readonly string[], GroupRule[]][] {
  const groupings = new Map<string, [readonly string[], GroupRule[]]>();
  for (const rule of rules) {
    const columns = [...groupColumns(rule)].sort();
    const key = JSON.stringify(columns);
    const grouping = groupings.get(key);
    if (grouping === undefined) groupings.set(key, [columns, [rule]]);
    else grouping[1].push(rule);
  }
  return [...groupings.values()];
}

async function runOneGrouping(
  bench: Workbench,
  view: string,
  columns: readonly string[],
  rules: readonly GroupRule[],
): Promise<[string, Outcome][]> {
  // Named by place from here on: a column may be called as one of ours.
  const places = columns.map((_, at) => `g${at}`);
  const where = columns.map(present).join(" and ");
  const inner = ["count(*) as n"];
  const outer: string[] = [];
  for (const [at, rule] of rules.entries()) {
    if (rule.check === "unique") {
      const list = [...places, "cast(n as varchar)"].join(", ");
      outer.push("sum(n)", "sum(n - 1)", `min(case when n > 1 then [${list}] end, ${SAMPLE_SIZE})`);
    } else {
      const value = `nullif(${name(rule.dependent)}, '')`;
      inner.push(`count(${value}) as n${at}`, `min(${value}) as lo${at}`, `max(${value}) as hi${at}`);
      outer.push(`sum(n${at})`, `count(*) filter (lo${at} <> hi${at})`, "null");
    }
  }
  const groups = `select ${columns.map((column, at) => `${name(column)} as g${at}`).join(", ")}, ${inner.join(", ")} from ${name(view)} where ${where} group by all`;
  const [row = []] = await bench.rows(`select ${outer.join(", ")} from (${groups})`);
  const outcomes: [string, Outcome][] = [];
  for (const [at, rule] of rules.entries()) {
    const [checked, failing, sample] = row.slice(at * 3, at * 3 + 3);
    const found = { checked: Number(checked ?? 0), failing: Number(failing ?? 0) };
    if (rule.check === "unique") {
      outcomes.push([rule.id, { ...found, sample: samplesOf(sample), sampleColumns: [...columns, "rows"] }]);
    } else if (found.failing === 0) {
      outcomes.push([rule.id, { ...found, sample: [], sampleColumns: contradictionColumns(rule) }]);
    } else {
      outcomes.push([rule.id, { ...(await contradictions(bench, view, rule)), checked: found.checked }]);
    }
  }
  return outcomes;
}

const contradictionColumns = (rule: RuleOf<"dependency">): string[] => [
  ...rule.determinant,
  `${rule.dependent} (most)`,
  `${rule.dependent} (other)`,
  "rows",
];

/** In each group that holds more than one value: all rows but those of its most frequent value (of the first by bytes, if there are several). */
async function contradictions(bench: Workbench, view: string, rule: RuleOf<"dependency">): Promise<Outcome> {
  const places = rule.determinant.map((_, at) => `g${at}`);
  const by = places.join(", ");
  const columns = [
    ...rule.determinant.map((column, at) => `${name(column)} as g${at}`),
    `${name(rule.dependent)} as v`,
  ];
  const where = [...rule.determinant, rule.dependent].map(present).join(" and ");
  const list = [...places, "most", "v", "cast(n as varchar)"].join(", ");
  const [row = []] = await bench.rows(`
    with counted as (select ${columns.join(", ")}, count(*) as n from ${name(view)} where ${where} group by all),
    ranked as (
      select *, row_number() over win as place, first_value(v) over win as most
      from counted
      where (${by}) in (select (${by}) from counted group by ${by} having count(*) > 1)
      window win as (partition by ${by} order by n desc, v)
    )
    select sum(n), min([${list}], ${SAMPLE_SIZE}) from ranked where place > 1`);
  const [failing, sample] = row;
  return {
    checked: 0,
    failing: Number(failing ?? 0),
    sample: samplesOf(sample),
    sampleColumns: contradictionColumns(rule),
  };
}
