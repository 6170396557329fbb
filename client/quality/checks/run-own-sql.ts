import { ExchangeError, QualityError } from "../../core/index.js";
import { type CheckedTable, openTable, type TablePlace } from "../engine/checked-table.js";
import { literal, name } from "../engine/sql-text.js";
import { EngineRefusal, Workbench, type WorkOptions } from "../engine/workbench.js";
import type { RuleOf } from "../rules/rule.js";
import { type Outcome, SAMPLE_SIZE } from "./outcome.js";
import { examineQuery, OWN_TABLE } from "./own-sql.js";
import { samplesOf } from "./run-row-checks.js";

/** What a query may take: one that joins a table with itself without a condition would never end. */
const QUERY_TIME_MS = 10 * 60 * 1000;
/** Columns of a result that a sample shows. */
const SHOWN_COLUMNS = 16;

/** Own SQL, in a workbench that holds the one table and is locked before the query begins. */
export async function runOwnSql(
  bench: Workbench,
  table: CheckedTable,
  file: TablePlace,
  rules: readonly RuleOf<"sql">[],
  options: WorkOptions,
): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  if (rules.length === 0) return outcomes;
  const queries = await Promise.all(
    rules.map(async (rule) => ({ rule, query: await examined(bench, rule, table.columns) })),
  );
  const needed = new Set(queries.flatMap(({ query }) => query.columns));
  const columns = table.columns.filter((column) => needed.has(column));
  const time = AbortSignal.timeout(QUERY_TIME_MS);
  const signal = options.signal === undefined ? time : AbortSignal.any([options.signal, time]);
  const own = await Workbench.open({ ...options, signal });
  try {
    // It is read a second time: a table that nobody holds still may be another by now.
    if ((await openTable(own, "source", file)).digest !== table.digest)
      throw new ExchangeError("SOURCE_CHANGED", "the data changed while it was checked");
    // Every table has a column, even for a query that names none.
    const list = (columns.length > 0 ? columns : table.columns.slice(0, 1)).map(name).join(", ");
    await own.run(`create table ${OWN_TABLE} as select ${list} from "source"`);
    await own.run(`drop ${await kindOf(own, "source")} "source"`);
    await own.lock();
    const [[rows] = []] = await own.rows(`select count(*) from ${OWN_TABLE}`);
    for (const { rule, query } of queries) {
      outcomes.set(rule.id, await outcomeOf(own, rule, query.sql, Number(rows)));
    }
  } finally {
    await own.close();
  }
  return outcomes;
}

async function examined(bench: Workbench, rule: RuleOf<"sql">, columns: readonly string[]) {
  try {
    return await examineQuery(bench, rule.query, columns);
  } catch (error) {
    throw error instanceof QualityError && error.code === "QUERY_REFUSED" ? inRule(rule, error) : error;
  }
}

async function outcomeOf(own: Workbench, rule: RuleOf<"sql">, sql: string, rows: number): Promise<Outcome> {
  try {
    const described = await own.rows(`describe ${sql}`);
    const shown = described.slice(0, SHOWN_COLUMNS).map(([column]) => String(column));
    const places = described.map((_, at) => `c${at}`);
    const list = places.slice(0, SHOWN_COLUMNS).map((place) => `cast(${place} as varchar)`);
    const from = `(${sql}) as found(${places.join(", ")})`;
    const [row = []] = await own.rows(`select count(*), min([${list.join(", ")}], ${SAMPLE_SIZE}) from ${from}`);
    const failing = Number(row[0]);
    if (failing > rows) throw new QualityError("QUERY_REFUSED", "the query gives more rows than the table has");
    return { checked: rows, failing, sample: samplesOf(row[1]), sampleColumns: shown };
  } catch (error) {
    if (error instanceof QualityError) throw error.code === "QUERY_REFUSED" ? inRule(rule, error) : error;
    if (!(error instanceof EngineRefusal)) throw error;
    throw inRule(rule, new QualityError("QUERY_REFUSED", error.summary, { cause: error }));
  }
}

async function kindOf(own: Workbench, table: string): Promise<"view" | "table"> {
  const [[views] = []] = await own.rows(`select count(*) from duckdb_views() where view_name = ${literal(table)}`);
  return Number(views) > 0 ? "view" : "table";
}

const inRule = (rule: RuleOf<"sql">, error: QualityError): QualityError =>
  new QualityError(error.code, `rule "${rule.id}": ${error.message}`, { details: { rule: rule.id }, cause: error });
