import { type ColumnDataType, type Kysely, type RawBuilder, sql } from "kysely";
import type { Column, Table } from "./columns.js";
import { derivedTables } from "./derived-tables.js";
import { localTables } from "./local-tables.js";
import type { NodeDatabase } from "./schema.js";

export type Flavour = "sqlite" | "postgres";
type Db = Kysely<NodeDatabase>;

export async function createDerivedTables(db: Db, flavour: Flavour): Promise<void> {
  await db.transaction().execute((transaction) => createTables(transaction, derivedTables, flavour));
}

/** Within a transaction of the caller's. */
export async function createLocalTables(db: Db, flavour: Flavour): Promise<void> {
  await createTables(db, localTables, flavour);
}

export async function dropDerivedTables(db: Db): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    for (const name of Object.keys(derivedTables)) await transaction.schema.dropTable(name).ifExists().execute();
  });
}

async function createTables(db: Db, tables: Readonly<Record<string, Table>>, flavour: Flavour): Promise<void> {
  for (const [name, shape] of Object.entries(tables)) await createTable(db, name, shape, flavour);
}

async function createTable(db: Db, name: string, shape: Table, flavour: Flavour): Promise<void> {
  let table = db.schema.createTable(name).ifNotExists();
  for (const [column, { kind, nullable }] of Object.entries(shape.columns)) {
    table = table.addColumn(column, dataType(kind, flavour), (definition) =>
      nullable ? definition : definition.notNull(),
    );
  }
  await table.addPrimaryKeyConstraint(`${bareName(name)}_key`, [...shape.key] as never[]).execute();
  for (const columns of shape.indexes) await createIndex(db, name, columns, flavour);
}

export async function createIndex(db: Db, table: string, columns: readonly string[], flavour: Flavour): Promise<void> {
  const tableName = flavour === "sqlite" ? sql.id(bareName(table)) : sql.table(table);
  const columnList = sql.join(columns.map((column) => sql.id(column)));
  // SQLite qualifies the index and not the table, PostgreSQL the other way round.
  const name = flavour === "sqlite" ? indexName(table, columns) : sql.id(bareIndexName(table, columns));
  await sql`create index if not exists ${name} on ${tableName} (${columnList})`.execute(db);
}

/** Where both databases find an index that exists. */
export function indexName(table: string, columns: readonly string[]): RawBuilder<unknown> {
  const index = bareIndexName(table, columns);
  return table.startsWith("local.") ? sql.id("local", index) : sql.id(index);
}

export async function hasTable(db: Db, name: string, flavour: Flavour): Promise<boolean> {
  const local = name.startsWith("local.");
  const query =
    flavour === "sqlite"
      ? sql`select 1 from ${sql.table(local ? "local.sqlite_master" : "sqlite_master")} where name = ${bareName(name)}`
      : sql`select to_regclass(${name}) as found where to_regclass(${name}) is not null`;
  return (await query.execute(db)).rows.length > 0;
}

const bareName = (table: string): string => table.replace(/^local\./, "");
const bareIndexName = (table: string, columns: readonly string[]): string =>
  `${bareName(table)}_by_${columns.join("_")}`;

/** PostgreSQL sorts by locale unless told otherwise; both have to sort by bytes for the digest to be one. */
export function dataType(kind: Column<unknown>["kind"], flavour: Flavour): ColumnDataType | RawBuilder<unknown> {
  switch (kind) {
    case "text":
      return flavour === "postgres" ? sql`text collate "C"` : "text";
    case "int":
      return "bigint";
    case "bytes":
      return flavour === "postgres" ? "bytea" : "blob";
  }
}
