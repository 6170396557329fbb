import { name, ownPrefix } from "../engine/sql-text.js";
import type { Workbench } from "../engine/workbench.js";
import { columnsOf, type Rule, type RuleOf } from "../rules/rule.js";
import type { GroupRule } from "./group-checks.js";
import { type Outcome, SAMPLE_SIZE } from "./outcome.js";
import { present, textAs } from "./row-checks.js";
import { samplesOf } from "./run-row-checks.js";

type Predicate = RuleOf<"denial">["predicates"][number];

/**
 * A denial constraint that says no more than a dependency does (equal here, so equal there) is checked as one, which
 * takes one pass where pairs would take many.
 */
export function asDependency(rule: Rule): GroupRule | undefined {
  if (rule.check !== "denial") return undefined;
  const { predicates, check: _, ...common } = rule;
  const sameColumn = ({ left, right, as = "text" }: Predicate) =>
    as === "text" && left.slice(3) === right.slice(3) && left.slice(0, 2) !== right.slice(0, 2);
  if (!predicates.every(sameColumn)) return undefined;
  const equal = predicates.filter(({ is }) => is === "=").map(({ left }) => left.slice(3));
  const unequal = predicates.filter(({ is }) => is === "!=").map(({ left }) => left.slice(3));
  const [dependent, ...more] = unequal;
  if (dependent === undefined || more.length > 0 || equal.length === 0) return undefined;
  if (equal.length + 1 !== predicates.length) return undefined;
  return { ...common, check: "dependency", determinant: [...new Set(equal)], dependent };
}

/** Rows t1 for which another row t2 stands in the relation that must not be. */
export async function runDenial(
  bench: Workbench,
  view: string,
  key: readonly string[],
  rule: RuleOf<"denial">,
): Promise<Outcome> {
  const columns = columnsOf(rule);
  const shown = [...new Set([...key, ...columns])];
  const side = (text: string, as: Predicate["as"]) =>
    textAs(`${text.slice(0, 2)}.${name(text.slice(3))}`, as ?? "text");
  const conditions = rule.predicates.map(({ left, is, right, as }) => {
    return `${side(left, as)} ${is === "!=" ? "<>" : is} ${side(right, as)}`;
  });
  const own = `${ownPrefix(shown)}t`;
  const numbered = `select row_number() over () as ${own}, ${shown.map((column) => `${name(column)}`).join(", ")}
    from ${name(view)} where ${columns.map(present).join(" and ")}`;
  const [row = []] = await bench.rows(`
    with numbered as materialized (${numbered}),
    bad as (select * from numbered t1 semi join numbered t2 on (t1.${own} <> t2.${own} and ${conditions.join(" and ")}))
    select (select count(*) from numbered), count(*), min([${shown.map(name).join(", ")}], ${SAMPLE_SIZE}) from bad`);
  const [checked, failing, sample] = row;
  return { checked: Number(checked), failing: Number(failing), sample: samplesOf(sample), sampleColumns: shown };
}

/** Rows whose values no row of the other table has. */
export async function runReference(
  bench: Workbench,
  view: string,
  key: readonly string[],
  rule: RuleOf<"reference">,
): Promise<Outcome> {
  const shown = [...key, ...rule.columns];
  const matches = rule.columns.map((column, at) => `t.${name(column)} = r.${name(rule.to[at] ?? "")}`).join(" and ");
  const where = rule.columns.map((column) => `t.${present(column)}`).join(" and ");
  const list = shown.map((column) => `t.${name(column)}`).join(", ");
  const known = `${ownPrefix(rule.to)}known`;
  const others = `select distinct ${rule.to.map(name).join(", ")}, true as ${known} from ${name(rule.table)}`;
  const [row = []] = await bench.rows(`
    select count(*), count(*) filter (r.${known} is null), min(case when r.${known} is null then [${list}] end, ${SAMPLE_SIZE})
    from ${name(view)} t left join (${others}) r on (${matches}) where ${where}`);
  const [checked, failing, sample] = row;
  return { checked: Number(checked), failing: Number(failing), sample: samplesOf(sample), sampleColumns: shown };
}
