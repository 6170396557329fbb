import { type ColumnDataType, type Kysely, type RawBuilder, sql } from "kysely";
import type { NodeDatabase } from "./schema.js";

/** Raised when a derived table changes shape: older ones are dropped and filled again from block 0. */
export const SCHEMA_VERSION = 2;

export type Flavour = "sqlite" | "postgres";

type ColumnKind = "text" | "int" | "block" | "bytes";
type TableName = keyof NodeDatabase;

interface TableShape {
  /** A trailing `?` on the kind: may be null. */
  readonly columns: Readonly<Record<string, ColumnKind | `${ColumnKind}?`>>;
  readonly key: readonly string[];
  readonly indexes?: readonly (readonly string[])[];
}

const caseColumns = { noun: "text", case_id: "text" } as const;
const placeColumns = { block: "block", tx: "int" } as const;

/** Everything that the fold fills. The order is that of the digest. */
export const derivedTables = {
  blocks: {
    columns: {
      number: "block",
      hash: "text",
      previous_hash: "text",
      data_hash: "text",
      codes: "text",
      commit_hash: "text",
      verdicts: "text",
      time: "text",
    },
    key: ["number"],
  },
  transactions: {
    columns: { ...placeColumns, id: "text", code: "int", type: "int", department: "text" },
    key: ["block", "tx"],
    indexes: [["id"]],
  },
  acts: {
    columns: {
      ...placeColumns,
      ...caseColumns,
      number: "int",
      model: "int",
      counted: "int",
      reason: "text",
      type: "text",
      department: "text",
      officer: "text",
      time: "text",
      claimed_time: "text",
      transaction_id: "text",
      basis: "text",
      body: "text",
      state: "text",
      endorsers: "text",
    },
    key: ["block", "tx", "noun", "case_id", "number"],
    indexes: [["noun", "case_id", "number"], ["department", "block"], ["transaction_id"]],
  },
  cases: {
    columns: {
      ...caseColumns,
      act: "int",
      next: "int",
      status: "text",
      state: "text",
      opened_time: "text",
      opened_block: "block",
      changed_time: "text",
      changed_block: "block",
      changed_tx: "int",
      expires: "text",
      search_text: "text",
    },
    key: ["noun", "case_id"],
    indexes: [
      ["noun", "status"],
      ["noun", "changed_block", "changed_tx"],
    ],
  },
  voids: { columns: { ...caseColumns, number: "int", ...placeColumns }, key: ["noun", "case_id", "number"] },
  parties: {
    columns: { ...caseColumns, department: "text", relation: "text" },
    key: ["noun", "case_id", "department", "relation"],
    indexes: [["department", "noun"]],
  },
  deadlines: {
    columns: {
      ...caseColumns,
      kind: "text",
      start: "text",
      working_days: "int",
      due: "text",
      provisional: "int",
      follows_notices: "int",
      ended: "text",
      owner: "text",
    },
    key: ["noun", "case_id", "kind", "start"],
    indexes: [["ended", "due"]],
  },
  case_references: {
    columns: { ...caseColumns, to_noun: "text", to_case: "text" },
    key: ["noun", "case_id", "to_noun", "to_case"],
    indexes: [["to_noun", "to_case"]],
  },
  notices: {
    columns: { department: "text", ...caseColumns, number: "int", ...placeColumns },
    key: ["department", "noun", "case_id", "number"],
    indexes: [["department", "block", "tx"]],
  },
  alarms: {
    columns: {
      ...placeColumns,
      ordinal: "int",
      kind: "text",
      message: "text",
      departments: "text",
      detail: "text",
      topic: "text",
      ended_block: "block",
    },
    key: ["block", "tx", "ordinal"],
  },
  configurations: {
    columns: { ...placeColumns, kind: "text", content: "text" },
    key: ["block", "tx", "kind"],
  },
  checkpoint: { columns: { id: "int", height: "block", hash: "text", schema: "int" }, key: ["id"] },
} satisfies Partial<Record<TableName, TableShape>>;

const localTables = {
  "local.submissions": {
    columns: {
      officer: "text",
      key: "text",
      digest: "text",
      command: "text",
      seen: "int",
      status: "text",
      failure: "text?",
      created: "text",
    },
    key: ["officer", "key"],
    indexes: [["status"]],
  },
  "local.envelopes": {
    columns: {
      transaction_id: "text",
      officer: "text",
      key: "text",
      attempt: "int",
      content: "bytes",
      clock: "int",
      fate: "text",
      stored: "text",
    },
    key: ["transaction_id"],
    indexes: [["officer", "key"], ["fate"]],
  },
  "local.read_marks": {
    columns: { ...caseColumns, number: "int", officer: "text", time: "text" },
    key: ["noun", "case_id"],
  },
  "local.texts": {
    columns: { digest: "text", salt: "text", content: "text", ...caseColumns, number: "int", time: "text" },
    key: ["digest"],
    indexes: [["noun", "case_id"]],
  },
  "local.accesses": {
    columns: {
      position: "int",
      id: "text",
      kind: "text",
      opening: "text",
      provider: "text",
      consumer: "text",
      officer: "text",
      dataset: "text",
      release: "text",
      grant_case: "text",
      grant_act: "int",
      purpose: "text",
      scenario: "text",
      way: "text",
      road: "text",
      result: "text",
      reason: "text",
      row_count: "int",
      time: "text",
      day: "text",
      height: "int",
      nonce: "text",
    },
    key: ["position"],
    indexes: [["id"], ["dataset", "position"], ["officer", "position"], ["grant_case", "time"], ["nonce"], ["opening"]],
  },
} satisfies Partial<Record<TableName, TableShape>>;

export async function createDerivedTables(db: Kysely<NodeDatabase>, flavour: Flavour): Promise<void> {
  await createTables(db, derivedTables, flavour);
}

export async function createLocalTables(db: Kysely<NodeDatabase>, flavour: Flavour): Promise<void> {
  if (flavour === "postgres") await db.schema.createSchema("local").ifNotExists().execute();
  await createTables(db, localTables, flavour);
}

export async function dropDerivedTables(db: Kysely<NodeDatabase>): Promise<void> {
  await db.transaction().execute(async (sqlTransaction) => {
    for (const name of Object.keys(derivedTables)) await sqlTransaction.schema.dropTable(name).ifExists().execute();
  });
}

async function createTables(
  db: Kysely<NodeDatabase>,
  tables: Readonly<Record<string, TableShape>>,
  flavour: Flavour,
): Promise<void> {
  await db.transaction().execute(async (sqlTransaction) => {
    for (const [name, shape] of Object.entries(tables)) await createTable(sqlTransaction, name, shape, flavour);
  });
}

async function createTable(db: Kysely<NodeDatabase>, name: string, shape: TableShape, flavour: Flavour): Promise<void> {
  let table = db.schema.createTable(name).ifNotExists();
  for (const [column, kind] of Object.entries(shape.columns)) {
    table = table.addColumn(column, dataType(kind.replace("?", "") as ColumnKind, flavour), (definition) =>
      kind.endsWith("?") ? definition : definition.notNull(),
    );
  }
  const bare = name.replace(/^local\./, "");
  await table.addPrimaryKeyConstraint(`${bare}_key`, [...shape.key] as never[]).execute();
  for (const columns of shape.indexes ?? []) await createIndex(db, name, bare, columns, flavour);
}

async function createIndex(
  db: Kysely<NodeDatabase>,
  table: string,
  bare: string,
  columns: readonly string[],
  flavour: Flavour,
): Promise<void> {
  const index = `${bare}_by_${columns.join("_")}`;
  // SQLite qualifies the index and not the table, PostgreSQL the other way round.
  const local = table.startsWith("local.");
  const indexName = flavour === "sqlite" && local ? sql.id("local", index) : sql.id(index);
  const tableName = flavour === "sqlite" ? sql.id(bare) : sql.table(table);
  const columnList = sql.join(columns.map((column) => sql.id(column)));
  await sql`create index if not exists ${indexName} on ${tableName} (${columnList})`.execute(db);
}

/** PostgreSQL sorts by locale unless told otherwise; both have to sort by bytes for the digest to be one. */
function dataType(kind: ColumnKind, flavour: Flavour): ColumnDataType | RawBuilder<unknown> {
  switch (kind) {
    case "text":
      return flavour === "postgres" ? sql`text collate "C"` : "text";
    case "int":
    case "block":
      return "bigint";
    case "bytes":
      return flavour === "postgres" ? "bytea" : "blob";
  }
}
