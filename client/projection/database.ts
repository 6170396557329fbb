import { messageOf } from "@wanlian/protocol/errors.js";
import { Kysely } from "kysely";
import { NodeError } from "../core/index.js";
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

/** What SQLite says of a file that it did not write whole. */
const DAMAGED = /malformed|not a database|disk image/i;

/**
 * Opens the node's database and makes what tables it lacks. Derived tables of another schema version, or in a damaged
 * file, are dropped: the fold fills them again from block 0. The node's own are never touched.
 * @throws NodeError STORE_FAILED, in one sentence
 */
export async function openDatabase(location: DatabaseLocation): Promise<Kysely<NodeDatabase>> {
  const { directory, url } = location;
  try {
    return await prepare(location);
  } catch (error) {
    if (url !== undefined) throw failed("the database at the configured address cannot be used", error);
    if (!DAMAGED.test(String(error))) throw failed(`the database in ${directory} cannot be opened`, error);
  }
  removeDerivedFile(directory);
  try {
    return await prepare(location);
  } catch (error) {
    throw failed(`${directory}/local.db is damaged and has to be restored from a backup`, error);
  }
}

async function prepare({ directory, url }: DatabaseLocation): Promise<Kysely<NodeDatabase>> {
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
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

function failed(what: string, cause: unknown): NodeError {
  return new NodeError("STORE_FAILED", `${what}: ${messageOf(cause)}.`, {}, cause);
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
