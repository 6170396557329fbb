import { type Dialect, PostgresDialect } from "kysely";
import { Ownership } from "./ownership.js";

const INT8 = 20; // OID of PostgreSQL's bigint; block numbers stay below 2^53

/**
 * PostgreSQL by connection string, for this node alone. Loaded only when configured.
 * @throws NodeError CONFIGURATION: another node is using it
 */
export async function postgresDialect(connectionString: string): Promise<Dialect> {
  const { default: pg } = await import("pg");
  const types = {
    getTypeParser(oid: number, format?: "text" | "binary") {
      if (oid === INT8 && format !== "binary") return Number;
      return format === "binary" ? pg.types.getTypeParser(oid, "binary") : pg.types.getTypeParser(oid, "text");
    },
  };
  const pool = new pg.Pool({ connectionString, max: 8, types: { ...pg.types, ...types } });
  // A server that restarts ends idle connections: the pool opens others, and a query that cannot have one fails by itself.
  pool.on("error", () => undefined);
  const ownership = await Ownership.take(async () => {
    const client = new pg.Client({ connectionString });
    await client.connect();
    return client;
  });
  const owned = {
    async connect() {
      await ownership.assert();
      return await pool.connect();
    },
    async end() {
      await pool.end();
      await ownership.release();
    },
  };
  return new PostgresDialect({ pool: owned });
}
