import { type Kysely, sql } from "kysely";
import { createIndex, createLocalTables, dataType, type Flavour, hasTable, indexName } from "./create-tables.js";
import type { NodeDatabase } from "./schema.js";

/** One step of the node's own tables, from the version before it. */
type Step = (db: Kysely<NodeDatabase>, flavour: Flavour) => Promise<void>;

/** By the version that each leads to. A step that was released never changes. */
const STEPS: Readonly<Record<number, Step>> = {
  /** Which act a text belongs to is the fold's to say; which filing it was written for, the node's. */
  2: async (db, flavour) => {
    for (const column of ["officer", "filing", "kept"]) {
      await db.schema
        .alterTable("local.texts")
        .addColumn(column, dataType("text", flavour), (definition) => definition.notNull().defaultTo(""))
        .execute();
    }
    await sql`update local.texts set kept = time`.execute(db);
    await sql`drop index if exists ${indexName("local.texts", ["noun", "case_id"])}`.execute(db);
    for (const column of ["noun", "case_id", "number", "time"]) {
      await db.schema.alterTable("local.texts").dropColumn(column).execute();
    }
    await createIndex(db, "local.texts", ["officer", "filing"], flavour);
  },
  /** Refused filings stand in it, too: it is read from the log anew. */
  3: async (db) => {
    await db.schema.dropTable("local.accesses").ifExists().execute();
  },
  /** Their hours, operators, fields and what found nothing stand in it, too, and are summed up by the hour. */
  4: async (db) => {
    await db.schema.dropTable("local.accesses").ifExists().execute();
    await db.schema.dropTable("local.access_spans").ifExists().execute();
  },
  /** Whether a machine asked stands in it, too. */
  5: async (db) => {
    await db.schema.dropTable("local.accesses").ifExists().execute();
    await db.schema.dropTable("local.access_spans").ifExists().execute();
  },
  /** Whether it was a machine stands in the sums, too: they are made anew with the rows. */
  6: async (db) => {
    for (const name of ["local.accesses", "local.access_spans", "local.access_counts", "local.field_uses"]) {
      await db.schema.dropTable(name).ifExists().execute();
    }
  },
};

/** The version that this software has. */
export const LOCAL_VERSION = Math.max(...Object.keys(STEPS).map(Number));

/**
 * Brings the node's own tables to this software's version, in one SQL transaction: all or nothing.
 * @throws RangeError for tables of a later version, which are left as they are
 */
export async function migrateLocalTables(db: Kysely<NodeDatabase>, flavour: Flavour): Promise<void> {
  if (flavour === "postgres") await db.schema.createSchema("local").ifNotExists().execute();
  await db.transaction().execute(async (transaction) => {
    const found = await versionOf(transaction, flavour);
    if (found > LOCAL_VERSION) {
      throw new RangeError(`the node's own tables are of version ${found}, and this software's of ${LOCAL_VERSION}`);
    }
    if (found > 0) {
      for (let version = found + 1; version <= LOCAL_VERSION; version += 1)
        await STEPS[version]?.(transaction, flavour);
    }
    // Tables that came since, or all of them at a node's beginning.
    await createLocalTables(transaction, flavour);
    await transaction
      .insertInto("local.version")
      .values({ id: 1, version: LOCAL_VERSION })
      .onConflict((conflict) => conflict.column("id").doUpdateSet({ version: LOCAL_VERSION }))
      .execute();
  });
}

/** 0: there are none yet. 1: from before versions were kept. */
async function versionOf(db: Kysely<NodeDatabase>, flavour: Flavour): Promise<number> {
  if (!(await hasTable(db, "local.texts", flavour))) return 0;
  if (!(await hasTable(db, "local.version", flavour))) return 1;
  const row = await db.selectFrom("local.version").select("version").executeTakeFirst();
  return row?.version ?? 1;
}
