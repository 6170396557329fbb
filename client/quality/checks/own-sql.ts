import { QualityError } from "../../core/index.js";
import { literal } from "../engine/sql-text.js";
import type { Workbench } from "../engine/workbench.js";

/** The one table that own SQL sees. */
export const OWN_TABLE = "data";

/** What a query may be made of: what is not on these lists is refused, so that what a later DuckDB can do is refused too. */
const PARTS = new Set([
  ..."SELECT_NODE SET_OPERATION_NODE CTE_NODE".split(" "),
  ..."BASE_TABLE SUBQUERY JOIN EXPRESSION_LIST EMPTY".split(" "),
  // ORDER and DISTINCT change nothing about which rows there are; LIMIT chooses some at will.
  ..."ORDER_MODIFIER DISTINCT_MODIFIER ORDER_DEFAULT ASCENDING DESCENDING".split(" "),
]);
const CLASSES = new Set([
  "BETWEEN",
  "CASE",
  "CAST",
  "COLUMN_REF",
  "COMPARISON",
  "CONJUNCTION",
  "CONSTANT",
  "FUNCTION",
  "OPERATOR",
  "STAR",
  "SUBQUERY",
  "WINDOW",
]);
/** Functions of their arguments alone: no clock, no chance, no settings, no files, nothing that hangs on the rows' order. */
const FUNCTIONS = new Set([
  ..."+ - * / // % || ~~ !~~ ~~* !~~* ~~~ ! abs ceil ceiling floor round sign sqrt power pow mod greatest least".split(
    " ",
  ),
  ..."length strlen lower upper trim ltrim rtrim substr substring left right concat concat_ws replace reverse".split(
    " ",
  ),
  ..."repeat lpad rpad instr position strpos contains starts_with prefix suffix ends_with ascii chr split_part".split(
    " ",
  ),
  ..."like_escape ilike_escape not_like_escape regexp_matches regexp_full_match regexp_extract regexp_replace".split(
    " ",
  ),
  ..."translate levenshtein jaro_winkler_similarity coalesce nullif ifnull date_part date_diff datediff date_trunc".split(
    " ",
  ),
  ..."year month day hour minute second date_add make_date strptime try_strptime strftime isfinite isnan".split(" "),
  ..."to_days to_months to_years to_hours to_minutes to_seconds list_value row".split(" "),
  ..."count count_star sum min max avg bool_and bool_or stddev var_samp median".split(" "),
]);

/** What a query reads of the table. */
export interface OwnQuery {
  readonly sql: string;
  /** Columns of the table that it names; all where it says `*`. */
  readonly columns: readonly string[];
}

/**
 * Looks at a query's syntax tree, as DuckDB parses it. This is the first of two walls: the query then runs where there
 * is nothing but its table, and no way out ({@link Workbench.lock}).
 * @throws QualityError QUERY_REFUSED
 */
export async function examineQuery(bench: Workbench, sql: string, columns: readonly string[]): Promise<OwnQuery> {
  const [[text] = []] = await bench.rows(`select cast(json_serialize_sql(${literal(sql)}) as varchar)`);
  const parsed = JSON.parse(String(text)) as {
    error: boolean;
    error_message?: string;
    statements?: { node: unknown }[];
  };
  if (parsed.error) throw refused(parsed.error_message ?? "it cannot be parsed");
  const [statement, ...more] = parsed.statements ?? [];
  if (statement === undefined || more.length > 0) throw refused("it has to be one select");
  const examination = new Examination(columns);
  examination.collectNames(statement.node);
  examination.walk(statement.node);
  return { sql, columns: columns.filter((column) => examination.used.has(column) || examination.star) };
}

type Node = Readonly<Record<string, unknown>>;

class Examination {
  readonly used = new Set<string>();
  star = false;
  readonly #tables = new Set<string>([OWN_TABLE]);
  readonly #names: Set<string>;

  constructor(columns: readonly string[]) {
    this.#names = new Set(columns.map((column) => column.toLowerCase()));
    for (const column of columns) this.#names.add(column);
  }

  /** What the query itself gives a name to. */
  collectNames(value: unknown): void {
    if (Array.isArray(value)) for (const item of value) this.collectNames(item);
    if (!isNode(value)) return;
    if (typeof value.alias === "string" && value.alias !== "") this.#names.add(value.alias.toLowerCase());
    if (Array.isArray(value.column_name_alias)) for (const alias of value.column_name_alias) this.#add(alias);
    if (Array.isArray(value.aliases)) for (const alias of value.aliases) this.#add(alias);
    if (isNode(value.cte_map) && Array.isArray(value.cte_map.map)) {
      for (const entry of value.cte_map.map) if (isNode(entry)) this.#addTable(entry.key);
    }
    if (value.type === "CTE_NODE") this.#addTable(value.cte_name);
    for (const member of Object.values(value)) this.collectNames(member);
  }

  walk(value: unknown): void {
    if (Array.isArray(value)) for (const item of value) this.walk(item);
    if (!isNode(value)) return;
    this.#examine(value);
    for (const [member, child] of Object.entries(value)) {
      // Of a constant the value, of a cast the type: no parts of the query's structure.
      if ("class" in value && (member === "value" || member === "cast_type")) continue;
      this.walk(child);
    }
  }

  #examine(node: Node): void {
    if ("sample" in node && node.sample !== null) throw refused("samples differ each time");
    if ("class" in node) this.#examineExpression(node);
    else if ("type" in node) this.#examinePart(node);
  }

  #examinePart(node: Node): void {
    allow(PARTS, node.type);
    if (Array.isArray(node.distinct_on_targets) && node.distinct_on_targets.length > 0) {
      throw refused("distinct on chooses rows at will");
    }
    if (node.type !== "BASE_TABLE") return;
    const table = String(node.table_name);
    if (node.schema_name !== "" || node.catalog_name !== "" || !this.#tables.has(table.toLowerCase())) {
      throw refused(`it may read ${OWN_TABLE} and nothing else, not "${table}"`);
    }
  }

  #examineExpression(node: Node): void {
    allow(CLASSES, node.class);
    if (node.class === "STAR") {
      if (node.columns === true) throw refused("columns(…) is not for rules");
      this.star = true;
    }
    if (node.class === "FUNCTION" || (node.class === "WINDOW" && node.type === "WINDOW_AGGREGATE")) {
      const called = String(node.function_name).toLowerCase();
      if (!FUNCTIONS.has(called)) throw refused(`the function ${called} is not for rules`);
    }
    if (node.class === "COLUMN_REF" && Array.isArray(node.column_names)) {
      const column = String(node.column_names.at(-1));
      // A name that is none of these would be looked for among the engine's own, such as current_date.
      if (!this.#names.has(column.toLowerCase())) throw refused(`there is no column "${column}"`);
      for (const part of node.column_names) this.used.add(String(part));
    }
  }

  #add(name: unknown): void {
    if (typeof name === "string") this.#names.add(name.toLowerCase());
  }

  #addTable(name: unknown): void {
    const table = String(name);
    if (!/^[a-z_][a-z0-9_]{0,62}$/i.test(table)) throw refused(`"${table}" is no name for a part of a query`);
    this.#tables.add(table.toLowerCase());
    this.#names.add(table.toLowerCase());
  }
}

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && !Array.isArray(value);

function allow(known: ReadonlySet<string>, found: unknown): void {
  if (!known.has(String(found))) throw refused(`${String(found).toLowerCase().replaceAll("_", " ")} is not for rules`);
}

const refused = (why: string): QualityError => new QualityError("QUERY_REFUSED", `the query is refused: ${why}`);
