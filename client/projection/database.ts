import { Kysely } from "kysely";
import { NodeError } from "../node/errors.js";
import { postgresDialect } from "./postgres.js";
import type { NodeDatabase } from "./schema.js";
import { removeDerivedFile, sqliteDialect } from "./sqlite.js";
import { createDerivedTables, createLocalTables, dropDerivedTables, SCHEMA_VERSION } from "./tables.js";

export interface DatabaseLocation {
  /** The node's data directory, claimed by this process. */
  readonly directory: string;
  /** PostgreSQL connection string; embedded SQL in the data directory if absent. */
  readonly url: string | undefined;
}

/**
 * Opens the node's database and makes what tables it lacks. Derived tables of another schema version are dropped:
 * the fold fills them again from block 0.
 */
export async function openDatabase({ directory, url }: DatabaseLocation): Promise<Kysely<NodeDatabase>> {
  const dialect = url === undefined ? sqliteDialect(directory) : await postgresDialect(url);
  const db = new Kysely<NodeDatabase>({ dialect });
  const flavour = url === undefined ? "sqlite" : "postgres";
  try {
    await createLocalTables(db, flavour);
    await createDerivedTables(db, flavour);
    const checkpoint = await db.selectFrom("checkpoint").select("schema").executeTakeFirst();
    if (checkpoint !== undefined && checkpoint.schema !== SCHEMA_VERSION) {
      await dropDerivedTables(db);
      await createDerivedTables(db, flavour);
    }
    return db;
  } catch (cause) {
    await db.destroy();
    throw new NodeError(
      "STORE_FAILED",
      `the database ${url === undefined ? `in ${directory}` : "at the configured address"} cannot be opened: ${String(cause)}`,
      {},
      cause,
    );
  }
}

/** Throws the derived tables away; the next fold fills them from block 0. The node's own tables stay. */
export async function resetDerived({ directory, url }: DatabaseLocation): Promise<void> {
  if (url === undefined) {
    removeDerivedFile(directory);
    return;
  }
  const db = await openDatabase({ directory, url });
  try {
    await dropDerivedTables(db);
  } finally {
    await db.destroy();
  }
}
