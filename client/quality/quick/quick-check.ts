import type { DuckDBConnection } from "@duckdb/node-api";
import { QualityError } from "../../core/index.js";
import { constantsOf, type RowCheck, rowCheck } from "../checks/row-checks.js";
import { literal, name, ownPrefix } from "../engine/sql-text.js";
import type { Cell } from "../engine/workbench.js";
import { columnsOf, type Rule, type RuleSet, type Severity } from "../rules/rule.js";
import { messageOf } from "../rules/words.js";

/** One record, or some of its cells, by column; null: the value is missing. */
export type GivenRecord = Readonly<Record<string, string | null>>;

/**
 * What a rule says of a record: it holds or not; it does not look at a missing value; it needs columns that were not
 * given; it is about more rows than one.
 */
export type QuickOutcome = "passed" | "failed" | "missing" | "needsColumns" | "needsTable";

export interface QuickResult {
  readonly rule: string;
  readonly dimension: Rule["dimension"];
  readonly severity: Severity;
  readonly outcome: QuickOutcome;
  readonly message: { readonly zh: string; readonly en: string };
}

/** Far more than one record's rules take. */
const MEMORY_MB = 128;
/** RE2 is linear, so this is for what nobody foresaw. */
const TIME_MS = 2000;

let engine: Promise<DuckDBConnection> | undefined;

/**
 * Rules on one record, by the same SQL as over a whole table, in an engine that stays open: some milliseconds.
 * @throws QualityError RULES_MALFORMED: DuckDB cannot take a rule's pattern or bound; RULES_DO_NOT_FIT: two columns of
 * one name; CHECK_CANCELLED: it took too long
 */
export async function quickCheck(record: GivenRecord, { rules }: RuleSet): Promise<QuickResult[]> {
  const columns = Object.keys(record);
  if (new Set(columns.map((column) => column.toLowerCase())).size < columns.length) {
    throw new QualityError("RULES_DO_NOT_FIT", "two columns have the same name but for capitals");
  }
  const outcomes = new Map<Rule, QuickOutcome>();
  const asked: { readonly rule: Rule; readonly check: RowCheck }[] = [];
  for (const rule of rules) {
    const check = rowCheck(rule);
    if (check === undefined) outcomes.set(rule, "needsTable");
    else if (!columnsOf(rule).every((column) => columns.includes(column))) outcomes.set(rule, "needsColumns");
    else asked.push({ rule, check });
  }
  if (asked.length > 0) {
    const states = await judged(record, asked);
    for (const [at, { rule }] of asked.entries()) outcomes.set(rule, outcomeOf(states[at]));
  }
  return rules.map((rule) => ({
    rule: rule.id,
    dimension: rule.dimension,
    severity: rule.severity ?? "error",
    outcome: outcomes.get(rule) as QuickOutcome,
    message: messageOf(rule),
  }));
}

const outcomeOf = (holds: Cell | undefined): QuickOutcome => (holds === null ? "missing" : holds ? "passed" : "failed");

type Asked = readonly { readonly rule: Rule; readonly check: RowCheck }[];

async function judged(record: GivenRecord, asked: Asked): Promise<Cell[]> {
  const own = ownPrefix(Object.keys(record));
  const given = Object.entries(record).map(
    ([column, value]) => `${value === null ? "null::varchar" : literal(value)} as ${name(column)}`,
  );
  const holds = asked.map(({ check }, at) => `coalesce(${check.holds}, false) as ${own}h${at}`);
  const states = asked.map(({ check }, at) => `case when ${check.applies} then ${own}h${at} end`);
  const sql = `select ${states.join(", ")} from (select ${["*", ...holds].join(", ")} from (select ${given.join(", ")}))`;
  const constants = asked.flatMap(({ rule }) => constantsOf(rule).map((constant) => ({ rule, ...constant })));
  for (const { rule, sql: constant, says } of constants) {
    const [value] = await ask(`select ${constant}`, rule.id);
    if (value === null || value === undefined) throw malformed(rule.id, says);
  }
  return await ask(sql, asked.map(({ rule }) => rule.id).join(", "));
}

/** The one row that a query gives. */
async function ask(sql: string, rules: string): Promise<Cell[]> {
  engine ??= open();
  const connection = await engine;
  const timer = setTimeout(() => connection.interrupt(), TIME_MS);
  try {
    const reader = await connection.runAndReadAll(sql);
    return (reader.getRowsJS()[0] ?? []) as Cell[];
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    if (/interrupt/i.test(cause.message))
      throw new QualityError("CHECK_CANCELLED", "the check took too long", { cause });
    throw malformed(rules, cause.message.split("\n", 1)[0] ?? cause.message, cause);
  } finally {
    clearTimeout(timer);
  }
}

/** Reads and writes nothing but what it is given. */
async function open(): Promise<DuckDBConnection> {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", {
    memory_limit: `${MEMORY_MB}MB`,
    threads: "1",
    temp_directory: "",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  const connection = await instance.connect();
  for (const setting of ["TimeZone = 'Asia/Shanghai'", "enable_external_access = false", "lock_configuration = true"]) {
    await connection.run(`set ${setting}`);
  }
  return connection;
}

const malformed = (rule: string, what: string, cause?: unknown): QualityError =>
  new QualityError("RULES_MALFORMED", `rule "${rule}": ${what}`, { cause });
