import { QualityError } from "../core/index.js";
import { isGroupRule, runGroupChecks } from "./checks/group-checks.js";
import type { Outcome } from "./checks/outcome.js";
import { asDependency, runDenial, runReference } from "./checks/pair-checks.js";
import { constantsOf, type RowRule, rowCheck } from "./checks/row-checks.js";
import { runOwnSql } from "./checks/run-own-sql.js";
import { type RowOutcomes, runRowChecks } from "./checks/run-row-checks.js";
import { runDrift, runFreshness } from "./checks/table-checks.js";
import { asSourceError, type CheckedTable, openTable, type TablePlace } from "./engine/checked-table.js";
import { EngineRefusal, Workbench, type WorkOptions } from "./engine/workbench.js";
import { type Report, reportOf, resultOf } from "./report.js";
import { columnsOf, type Rule, type RuleSet } from "./rules/rule.js";

/** The view of the table that is checked; rules cannot name it, since names of theirs hold no space. */
const CHECKED = "checked table";

export interface CheckRequest extends WorkOptions {
  readonly file: TablePlace;
  readonly rules: RuleSet;
  /** Files for the tables that rules name: `reference`, `drift`. */
  readonly tables?: Readonly<Record<string, TablePlace>>;
  /** The day by which freshness is judged, `yyyy-MM-dd`. */
  readonly asOf: string;
}

/**
 * Runs rules over a file: each rule over every row, never over a sample. Reads the file once for all rules that single
 * rows decide, and once for each further grouping or comparison of rows.
 * @throws QualityError; ExchangeError SOURCE_* where a file cannot be read or changes meanwhile
 */
export async function checkTable(request: CheckRequest): Promise<Report> {
  const bench = await Workbench.open(request);
  const opened: CheckedTable[] = [];
  const assertUnchanged = async () => {
    for (const table of opened) await table.assertUnchanged();
  };
  try {
    const table = await openTable(bench, CHECKED, request.file);
    opened.push(table);
    const others = await openOthers(bench, request);
    opened.push(...others.values());
    await assertFit(bench, request.rules, table, others);
    const { rows, outcomes } = await outcomesOf(bench, table, request);
    await assertUnchanged();
    const results = request.rules.rules.map((rule) => resultOf(rule, outcomes.get(rule.id) as Outcome));
    return reportOf(request.rules, results, {
      table: { digest: table.digest, rows },
      tables: Object.fromEntries([...others].map(([key, { digest }]) => [key, { digest }])),
      asOf: request.asOf,
    });
  } catch (error) {
    // A file that was written to while it was read fails in any way whatever: that is the reason then.
    if (error instanceof EngineRefusal) await assertUnchanged();
    throw asSourceError(error);
  } finally {
    await bench.close();
  }
}

async function outcomesOf(bench: Workbench, table: CheckedTable, request: CheckRequest): Promise<RowOutcomes> {
  const { key, rules } = request.rules;
  const grouped = rules.flatMap((rule) => (isGroupRule(rule) ? [rule] : (asDependency(rule) ?? [])));
  const inGroups = new Set(grouped.map(({ id }) => id));
  const byRow = await runRowChecks(bench, table, key, rules.filter(isRowRule));
  const outcomes = new Map([
    ...byRow.outcomes,
    ...(await runGroupChecks(bench, CHECKED, grouped)),
    ...(await runOwnSql(bench, table, request.file, rules.filter(isSql), request)),
  ]);
  for (const rule of rules) {
    if (inGroups.has(rule.id)) continue;
    if (rule.check === "denial") outcomes.set(rule.id, await runDenial(bench, CHECKED, key, rule));
    if (rule.check === "reference") outcomes.set(rule.id, await runReference(bench, CHECKED, key, rule));
    if (rule.check === "freshness") outcomes.set(rule.id, await runFreshness(bench, CHECKED, rule, request.asOf));
    if (rule.check === "drift") outcomes.set(rule.id, await runDrift(bench, CHECKED, rule));
  }
  return { rows: byRow.rows, outcomes };
}

const isRowRule = (rule: Rule): rule is RowRule => rowCheck(rule) !== undefined;
const isSql = (rule: Rule): rule is Extract<Rule, { check: "sql" }> => rule.check === "sql";

async function openOthers(bench: Workbench, { rules, tables = {} }: CheckRequest): Promise<Map<string, CheckedTable>> {
  const named = rules.rules.flatMap((rule) =>
    rule.check === "reference" || rule.check === "drift" ? [rule.table] : [],
  );
  const opened = new Map<string, CheckedTable>();
  for (const table of new Set(named)) {
    const file = tables[table];
    if (file === undefined) throw unfit(`the rules speak of the table "${table}", for which no file is given`);
    opened.set(table, await openTable(bench, table, file));
  }
  return opened;
}

/** Everything that can be wrong between rules and table is found before the first row is read. */
async function assertFit(
  bench: Workbench,
  { key, rules }: RuleSet,
  { columns }: CheckedTable,
  others: ReadonlyMap<string, CheckedTable>,
): Promise<void> {
  const assertThere = (where: string, wanted: readonly string[], there: readonly string[]) => {
    const missing = wanted.find((column) => !there.includes(column));
    if (missing !== undefined) throw unfit(`${where}: there is no column "${missing}"; there are ${there.join(", ")}`);
  };
  assertThere("key", key, columns);
  for (const rule of rules) {
    assertThere(`rule "${rule.id}"`, columnsOf(rule), columns);
    if (rule.check === "reference") assertThere(`rule "${rule.id}"`, rule.to, others.get(rule.table)?.columns ?? []);
    if (rule.check === "drift" && rule.column !== undefined) {
      assertThere(`rule "${rule.id}"`, [rule.column], others.get(rule.table)?.columns ?? []);
    }
    for (const { sql, says } of constantsOf(rule)) await assertConstant(bench, rule, sql, says);
  }
}

async function assertConstant(bench: Workbench, rule: Rule, sql: string, says: string): Promise<void> {
  const malformed = (why: string, cause?: unknown) =>
    new QualityError("RULES_MALFORMED", `rule "${rule.id}": ${says}${why}`, { details: { rule: rule.id }, cause });
  try {
    const [[value] = []] = await bench.rows(`select ${sql}`);
    if (value === null || value === undefined) throw malformed("");
  } catch (error) {
    throw error instanceof EngineRefusal ? malformed(`: ${error.summary}`, error) : error;
  }
}

const unfit = (what: string): QualityError => new QualityError("RULES_DO_NOT_FIT", what);
