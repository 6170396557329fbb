import { QualityError } from "../../core/index.js";
import { asSourceError, type CheckedTable, openTable, type TablePlace } from "../engine/checked-table.js";
import { literal, name, ownPrefix } from "../engine/sql-text.js";
import { stepByStep } from "../engine/steps.js";
import { Workbench, type WorkOptions } from "../engine/workbench.js";
import { encodeQuery } from "../profile/encoded-table.js";
import { type Comparison, comparisonSteps } from "./compare-sources.js";

export interface LargeComparisonRequest extends WorkOptions {
  /** Two, by their names. */
  readonly sources: ReadonlyMap<string, TablePlace>;
  /** The columns that name what a row is about; in each source they name one row. */
  readonly key: readonly string[];
  /** What is compared. Default: all other columns that both have. */
  readonly columns?: readonly string[];
}

/**
 * Compares two sources of any size by an exact key. What both say to the character is counted where the sources lie; what
 * differs is weighed as {@link compareSources} weighs all of it, with what was counted in each source's favour. What a
 * column means, and how it is usually written, is read from what differs. A cell's `row` is its place among that.
 * @throws QualityError RULES_DO_NOT_FIT, CHECK_*; ExchangeError SOURCE_*
 */
export async function compareLarge(request: LargeComparisonRequest): Promise<Comparison> {
  const bench = await Workbench.open(request);
  try {
    const opened: CheckedTable[] = [];
    for (const [at, place] of [...request.sources.values()].entries()) {
      opened.push(await openTable(bench, `table ${at}`, place));
    }
    const compared = await compareViews(bench, opened, request);
    for (const table of opened) await table.assertUnchanged();
    return compared;
  } catch (error) {
    throw asSourceError(error);
  } finally {
    await bench.close();
  }
}

async function compareViews(
  bench: Workbench,
  opened: readonly CheckedTable[],
  { sources, key, columns, ...options }: LargeComparisonRequest,
): Promise<Comparison> {
  const [left, right, ...more] = opened;
  if (left === undefined || right === undefined || more.length > 0) {
    throw new QualityError("CHECK_TOO_LARGE", "sources too large to be held are compared two at a time");
  }
  const rest = columns ?? left.columns.filter((column) => right.columns.includes(column) && !key.includes(column));
  for (const { columns: there } of [left, right]) {
    const missing = [...key, ...rest].find((column) => !there.includes(column));
    if (missing !== undefined) throw new QualityError("RULES_DO_NOT_FIT", `there is no column "${missing}"`);
  }
  const names = [...sources.keys()];
  const named = [await namedRows(bench, left, key, names[0]), await namedRows(bench, right, key, names[1])];
  const own = ownPrefix([...left.columns, ...right.columns]);
  const differing = name(`${own}differing`);
  await bench.run(`create temp table ${differing} as ${differingRows(left, right, key, rest, own)}`);
  const [[oneSided = 0, otherSided = 0, both = 0] = []] = await bench.rows(
    `select count(*) filter (${name(`${own}r`)} is null), count(*) filter (${name(`${own}l`)} is null),
       count(*) filter (${name(`${own}l`)} and ${name(`${own}r`)}) from ${differing}`,
  );
  const alone = [Number(oneSided), Number(otherSided)];
  const equal = (named[0] ?? 0) - (alone[0] ?? 0) - Number(both);
  const source = `${own}source`;
  const sides = [0, 1].map((side) => {
    const cells = [...key.map(name), ...rest.map((column, at) => `${name(`${own}${side}${at}`)} as ${name(column)}`)];
    return `select ${literal(names[side] ?? "")} as ${name(source)}, ${cells.join(", ")} from ${differing}
      where ${name(`${own}l`)} and ${name(`${own}r`)}`;
  });
  const table = await encodeQuery(bench, {
    columns: [source, ...key, ...rest],
    sql: `select * from (${sides.join(" union all ")}) order by ${[...key, source].map(name).join(", ")}`,
  });
  const weighing = comparisonSteps({ table, source, key, columns: rest, settled: equal * rest.length });
  const found = await stepByStep(weighing, options);
  // Where nothing differs there is nobody to weigh.
  const agreeing = { reliability: 1, claims: equal * rest.length };
  return {
    ...found,
    sources: found.sources.length > 0 ? found.sources : names.map((one) => ({ source: one, ...agreeing })),
    columns: found.columns.map((column) => ({
      ...column,
      compared: column.compared + equal,
      agreed: column.agreed + equal,
    })),
    alone: names.map((one, at) => ({ source: one, rows: alone[at] ?? 0 })),
  };
}

/** How many rows have a key. @throws QualityError RULES_DO_NOT_FIT where two have the same */
async function namedRows(
  bench: Workbench,
  { view }: CheckedTable,
  key: readonly string[],
  source = "",
): Promise<number> {
  const present = key.map((column) => `${name(column)} <> ''`).join(" and ");
  const list = key.length === 1 ? name(key[0] ?? "") : `(${key.map(name).join(", ")})`;
  const [[rows = 0, distinct = 0] = []] = await bench.rows(
    `select count(*), count(distinct ${list}) from ${name(view)} where ${present}`,
  );
  const doubled = Number(rows) - Number(distinct);
  if (doubled === 0) return Number(rows);
  throw new QualityError(
    "RULES_DO_NOT_FIT",
    `in ${source} the key ${key.join(", ")} does not name one row: ${doubled} more have one that stands before`,
  );
}

/** Rows of either side that the other does not have with the same, present texts. */
function differingRows(
  left: CheckedTable,
  right: CheckedTable,
  key: readonly string[],
  rest: readonly string[],
  own: string,
): string {
  const side = ({ view }: CheckedTable, mark: string, number: number) => {
    const cells = rest.map((column, at) => `nullif(${name(column)}, '') as ${name(`${own}${number}${at}`)}`);
    const present = key.map((column) => `${name(column)} <> ''`).join(" and ");
    const all = [...key.map(name), ...cells, `true as ${name(`${own}${mark}`)}`];
    return `(select ${all.join(", ")} from ${name(view)} where ${present})`;
  };
  const same = rest.map((_, at) => `${name(`${own}0${at}`)} = ${name(`${own}1${at}`)}`);
  return `select * from ${side(left, "l", 0)} full join ${side(right, "r", 1)} using (${key.map(name).join(", ")})
    where ${same.length === 0 ? "false" : `not coalesce(${same.join(" and ")}, false)`}`;
}
