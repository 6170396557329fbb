import { messageOf } from "@wanlian/protocol/errors.js";
import { Kysely } from "kysely";
import { NodeError } from "../../core/index.js";
import { createDerivedTables, dropDerivedTables, type Flavour, hasTable } from "./create-tables.js";
import { DERIVED_VERSION } from "./derived-tables.js";
import { GivesWay } from "./gives-way.js";
import { migrateLocalTables } from "./migrations.js";
import { postgresDialect } from "./postgres.js";
import type { NodeDatabase } from "./schema.js";
import { DAMAGED, removeDerivedFile, sqliteDialect } from "./sqlite.js";

export interface DatabaseLocation {
  /** The node's data directory, claimed by this process. */
  readonly directory: string;
  /** PostgreSQL connection string; embedded SQL in the data directory if absent. */
  readonly url: string | undefined;
  /** Told of derived tables that were damaged and are made anew, with file and place. */
  readonly onDamage?: (damage: string) => void;
}

/**
 * Opens the node's database and makes what tables it lacks. Derived tables of another schema version, or in a damaged
 * file, are dropped: the fold fills them again from block 0. The node's own are brought to this software's version.
 * @throws NodeError STORE_FAILED, in one sentence; CONFIGURATION: another node is using the database
 */
export async function openDatabase(location: DatabaseLocation): Promise<Kysely<NodeDatabase>> {
  const { directory, url } = location;
  try {
    return await prepare(location);
  } catch (error) {
    if (error instanceof NodeError) throw error;
    if (url !== undefined) throw failed("the database at the configured address cannot be used", error);
    if (!DAMAGED.test(String(error))) throw failed(`the database in ${directory} cannot be opened`, error);
  }
  location.onDamage?.(`${directory}/projection.db is damaged; it is thrown away and made anew`);
  removeDerivedFile(directory);
  try {
    return await prepare(location);
  } catch (error) {
    throw failed(`${directory}/local.db is damaged and has to be restored from a backup`, error);
  }
}

async function prepare({
  directory,
  url,
  onDamage = () => undefined,
}: DatabaseLocation): Promise<Kysely<NodeDatabase>> {
  const dialect = url === undefined ? sqliteDialect(directory, onDamage) : await postgresDialect(url);
  const db = new Kysely<NodeDatabase>({ dialect, plugins: url === undefined ? [new GivesWay()] : [] });
  const flavour: Flavour = url === undefined ? "sqlite" : "postgres";
  try {
    await migrateLocalTables(db, flavour);
    if (await isOfAnotherVersion(db, flavour)) await dropDerivedTables(db);
    await createDerivedTables(db, flavour);
    return db;
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

async function isOfAnotherVersion(db: Kysely<NodeDatabase>, flavour: Flavour): Promise<boolean> {
  if (!(await hasTable(db, "checkpoint", flavour))) return false;
  const checkpoint = await db.selectFrom("checkpoint").select("schema").executeTakeFirst();
  return checkpoint !== undefined && checkpoint.schema !== DERIVED_VERSION;
}

function failed(what: string, cause: unknown): NodeError {
  return new NodeError("STORE_FAILED", `${what}: ${messageOf(cause)}.`, { cause });
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
