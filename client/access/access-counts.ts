import type { MspId } from "@wanlian/model/identifiers.js";
import { hourOf } from "@wanlian/model/time/instant.js";
import type { AuditFilter } from "@wanlian/verify";
import { type Kysely, type SelectQueryBuilder, sql } from "kysely";
import type { AccessCountTable, AccessTable, NodeDatabase } from "../projection/index.js";

type Db = Kysely<NodeDatabase>;

/** What an access is counted under, each with all the others. */
export const COUNTED_UNDER = [
  ...["hour", "provider", "consumer", "officer", "machine", "operator", "dataset", "grant_case"],
  ...["purpose", "scenario", "way", "road", "result", "reason"],
] as readonly (keyof AccessCountTable & keyof AccessTable)[];

/** What counts are given by, beside their time and their outcome. */
export const COUNTED_BY = [
  ...(["purpose", "scenario", "consumer", "provider", "dataset"] as const),
  ...(["officer", "operator", "way", "road", "reason"] as const),
] as const;
export type CountedBy = (typeof COUNTED_BY)[number];

/** A day; an hour of a day; or an hour of all days together. */
export const COUNTED_PER = ["day", "hour", "hourOfDay"] as const;
export type CountedPer = (typeof COUNTED_PER)[number];

export interface CountWishes {
  readonly by?: CountedBy;
  readonly per?: CountedPer;
}

/** Accesses of a time and an outcome, with the one member that they were counted by. */
export type AccessCount = { readonly [Member in CountedBy | CountedPer]?: string } & {
  readonly result: string;
  /** Where they are counted by officer, and it was a machine. */
  readonly machine?: true;
  readonly accesses: number;
  readonly rows: number;
  /** Of them, answered and nothing found. */
  readonly empty: number;
};

/** Values in one list of SQL. */
const LIST_VALUES = 500;
/** Rows in one statement: seventeen parameters each. */
const STATEMENT_ROWS = 100;

/** Openings count with their closings. */
const COUNTED_ONCE: readonly AccessTable["kind"][] = ["access", "closing", "call"];

type Cell = { -readonly [Column in keyof AccessCountTable]: AccessCountTable[Column] };

/**
 * Counts rows that are about to stand in `local.accesses`, within the caller's SQL transaction. Openings and closings
 * are one access: it is counted by how it ended, or as opened while that is not known.
 */
export async function takeIn(db: Db, rows: readonly AccessTable[]): Promise<void> {
  // What is made anew from the log's beginning is counted anew.
  if (rows[0]?.position === 0) await db.deleteFrom("local.access_counts").execute();
  const cells = new Map<string, Cell>();
  const add = (row: AccessTable, times: 1 | -1) => {
    const key = COUNTED_UNDER.map((column) => row[column]).join("\u0000");
    const cell = cells.get(key) ?? emptyCell(row);
    cells.set(key, cell);
    cell.accesses += times;
    cell.row_count += times * row.row_count;
    cell.empty += times * row.empty;
  };
  for (const row of rows) if (COUNTED_ONCE.includes(row.kind)) add(row, 1);
  const closedHere = new Set(rows.filter(({ kind }) => kind === "closing").map(({ opening }) => opening));
  const openings = rows.filter(({ kind, id }) => kind === "opening" && !closedHere.has(id));
  const closedBefore = await closedAmong(db, [...openings.map(({ id }) => id), ...closedHere]);
  for (const row of openings) if (!closedBefore.has(row.id)) add(row, 1);
  for (const ids of lists([...closedHere].filter((id) => !closedBefore.has(id)))) {
    const query = db.selectFrom("local.accesses").selectAll().where("id", "in", ids).where("kind", "=", "opening");
    for (const row of await query.execute()) add(row, -1);
  }
  await write(db, [...cells.values()]);
  await takeFields(db, rows);
}

/** Which fields were asked for, since which day. A stream asks with its opening. */
async function takeFields(db: Db, rows: readonly AccessTable[]): Promise<void> {
  if (rows[0]?.position === 0) await db.deleteFrom("local.field_uses").execute();
  const uses = new Map<string, NodeDatabase["local.field_uses"]>();
  for (const { kind, result, fields, provider, consumer, dataset, day } of rows) {
    if ((kind !== "access" && kind !== "opening") || result === "refused" || fields === "") continue;
    for (const field of fields.split(",")) {
      const key = [provider, consumer, dataset, field].join("\u0000");
      const use = uses.get(key);
      if (use === undefined) uses.set(key, { provider, consumer, dataset, field, first_day: day, uses: 1 });
      else use.uses += 1;
    }
  }
  for (const some of lists([...uses.values()])) {
    const sum = sql<number>`${sql.ref("local.field_uses.uses")} + ${sql.ref("excluded.uses")}`;
    await db
      .insertInto("local.field_uses")
      .values([...some])
      .onConflict((conflict) =>
        conflict.columns(["provider", "consumer", "dataset", "field"]).doUpdateSet({ uses: sum }),
      )
      .execute();
  }
}

/** Of the ids of openings, those that a row in the table closes. */
async function closedAmong(db: Db, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const closed = new Set<string>();
  for (const some of lists(ids)) {
    const query = db.selectFrom("local.accesses").select("opening").where("opening", "in", some);
    for (const { opening } of await query.execute()) closed.add(opening);
  }
  return closed;
}

function* lists<T>(values: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < values.length; from += LIST_VALUES) yield values.slice(from, from + LIST_VALUES);
}

function emptyCell(row: AccessTable): Cell {
  const under = Object.fromEntries(COUNTED_UNDER.map((column) => [column, row[column]]));
  return { ...(under as Omit<Cell, "accesses" | "row_count" | "empty">), accesses: 0, row_count: 0, empty: 0 };
}

async function write(db: Db, cells: readonly Cell[]): Promise<void> {
  const sum = (column: "accesses" | "row_count" | "empty") =>
    sql<number>`${sql.ref(`local.access_counts.${column}`)} + ${sql.ref(`excluded.${column}`)}`;
  for (let from = 0; from < cells.length; from += STATEMENT_ROWS) {
    await db
      .insertInto("local.access_counts")
      .values(cells.slice(from, from + STATEMENT_ROWS))
      .onConflict((conflict) =>
        conflict
          .columns([...COUNTED_UNDER])
          .doUpdateSet({ accesses: sum("accesses"), row_count: sum("row_count"), empty: sum("empty") }),
      )
      .execute();
  }
}

/** Accesses by their time and outcome. */
export async function countAccesses(db: Db, filter: AuditFilter, wishes: CountWishes): Promise<AccessCount[]> {
  const { by = "purpose", per = "day" } = wishes;
  const source = ofWholeHours(filter) ? summedUp(db, filter) : oneByOne(db, filter);
  const time = per === "hour" ? sql<string>`hour` : sql<string>`substr(hour, ${PART[per][0]}, ${PART[per][1]})`;
  const rows = await source
    .select(["result", by, time.as("at")])
    .select(({ fn }) => [
      fn.sum<number | string>("accesses").as("accesses"),
      fn.sum<number | string>("row_count").as("rows"),
      fn.sum<number | string>("empty").as("empty"),
      fn.max<number | string>("machine").as("machine"),
    ])
    .groupBy([by, "result", sql`at`])
    .orderBy("at")
    .orderBy(by)
    .orderBy("result")
    .execute();
  return rows
    .map(({ at, accesses, rows, empty, machine, ...row }) => ({
      ...row,
      ...(by === "officer" && Number(machine) === 1 ? { machine: true as const } : {}),
      [per]: at,
      ...{ accesses: Number(accesses), rows: Number(rows), empty: Number(empty) },
    }))
    .filter(({ accesses }) => accesses > 0);
}

/** Where it begins within `2026-09-28T09`, from 1, and its length. */
const PART = { day: [1, 10], hourOfDay: [12, 2] } as const satisfies Record<Exclude<CountedPer, "hour">, unknown>;

/** What is counted, hour by hour and in the order of all that it is counted under. @param after what was given last */
export async function countsAfter(
  db: Db,
  filter: AuditFilter,
  limit: number,
  after: AccessCountTable | undefined,
): Promise<AccessCountTable[]> {
  let query = summedUp(db, filter).where("accesses", ">", 0);
  if (after !== undefined) {
    const columns = sql.join(COUNTED_UNDER.map((column) => sql.ref(column)));
    const values = sql.join(COUNTED_UNDER.map((column) => after[column]));
    query = query.where(sql<boolean>`(${columns}) > (${values})`);
  }
  for (const column of COUNTED_UNDER) query = query.orderBy(column);
  const rows = await query.selectAll().limit(limit).execute();
  return rows.map((row) => ({
    ...row,
    machine: Number(row.machine) === 1 ? 1 : 0,
    accesses: Number(row.accesses),
    row_count: Number(row.row_count),
    empty: Number(row.empty),
  }));
}

/** Accesses of a side, another department, a way and an outcome. */
export interface AccessTotal {
  readonly side: "provider" | "consumer";
  readonly other: string;
  readonly way: string;
  readonly result: string;
  readonly accesses: number;
}

/** All accesses there ever were, by what a department was in them. */
export async function totalsOf(db: Db, department: MspId): Promise<AccessTotal[]> {
  const sides = (["provider", "consumer"] as const).map(async (side) => {
    const other = side === "provider" ? "consumer" : "provider";
    const rows = await db
      .selectFrom("local.access_counts")
      .select([`${other} as other`, "way", "result"])
      .select(({ fn }) => fn.sum<number | string>("accesses").as("accesses"))
      .where(side, "=", department)
      .groupBy([other, "way", "result"])
      .execute();
    return rows.map(({ accesses, ...row }) => ({ side, ...row, accesses: Number(accesses) }));
  });
  return (await Promise.all(sides)).flat();
}

/** Whether a filter begins and ends with hours, so that their sums say all. */
function ofWholeHours({ since, until }: AuditFilter): boolean {
  return (since === undefined || since.endsWith(":00:00Z")) && (until === undefined || until.endsWith(":59:59Z"));
}

function summedUp(db: Db, filter: AuditFilter) {
  let query = db.selectFrom("local.access_counts");
  for (const [column, value] of equals(filter)) query = query.where(column, "=", value);
  if (filter.since !== undefined) query = query.where("hour", ">=", hourOf(filter.since));
  if (filter.until !== undefined) query = query.where("hour", "<=", hourOf(filter.until));
  return query;
}

/** The same from the records themselves. */
function oneByOne(db: Db, filter: AuditFilter): ReturnType<typeof summedUp> {
  const counted = matching(db, filter)
    .where(({ or, and, not, exists, eb }) =>
      or([eb("kind", "in", COUNTED_ONCE), and([eb("kind", "=", "opening"), not(exists(closingOf(db)))])]),
    )
    .select([...COUNTED_UNDER, "row_count", "empty", sql<number>`1`.as("accesses")]);
  return db.selectFrom(counted.as("counted")) as unknown as ReturnType<typeof summedUp>;
}

/** Of the opening that a query of accesses is at. */
export function closingOf(db: Db) {
  const closings = db.selectFrom("local.accesses as closing").select("closing.position");
  return closings.whereRef("closing.opening", "=", sql.ref("local.accesses.id"));
}

/** The accesses that a filter takes. */
export function matching(db: Db, filter: AuditFilter): SelectQueryBuilder<NodeDatabase, "local.accesses", object> {
  let query = db.selectFrom("local.accesses");
  for (const [column, value] of equals(filter)) query = query.where(column, "=", value);
  if (filter.since !== undefined) query = query.where("time", ">=", filter.since);
  if (filter.until !== undefined) query = query.where("time", "<=", filter.until);
  return query;
}

type Compared = "dataset" | "provider" | "consumer" | "officer" | "grant_case";

function equals({ dataset, provider, consumer, officer, grant }: AuditFilter): (readonly [Compared, string])[] {
  const wanted: Readonly<Record<Compared, string | undefined>> = {
    ...{ dataset, provider, consumer, officer },
    grant_case: grant,
  };
  return Object.entries(wanted).filter((entry): entry is [Compared, string] => entry[1] !== undefined);
}
