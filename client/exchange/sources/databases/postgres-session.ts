import type { PoolClient } from "pg";
import { ExchangeError } from "../../../core/index.js";

/**
 * What decides how PostgreSQL writes a value as text. A role, a database or a server may have any of it otherwise, and
 * each would give another digest (docs/formats/database-text.md).
 */
export const PINNED_SETTINGS: Readonly<Record<string, string>> = {
  TimeZone: "Asia/Shanghai",
  DateStyle: "ISO, YMD",
  IntervalStyle: "iso_8601",
  // The fewest digits that read back as the same number.
  extra_float_digits: "1",
  bytea_output: "hex",
  lc_monetary: "C",
  xmloption: "content",
  // Names of types and of other objects are written with their schema.
  search_path: "pg_catalog",
  client_encoding: "UTF8",
  standard_conforming_strings: "on",
  // Rows come in the order that is asked for, never in the order of whoever scans at the same time.
  synchronize_seqscans: "off",
};

const pinned = new WeakSet<PoolClient>();

/** Pins a connection's settings, once. @throws ExchangeError SOURCE_MALFORMED for a database that does not know how its text is encoded */
export async function pinSession(client: PoolClient): Promise<void> {
  if (pinned.has(client)) return;
  const settings = Object.entries(PINNED_SETTINGS).map(([name], at) => `set_config('${name}', $${at + 1}, false)`);
  const text = `select current_setting('server_encoding') as encoding, ${settings.join(", ")}`;
  const { rows } = await client.query<{ encoding: string }>({ text, values: Object.values(PINNED_SETTINGS) });
  if (rows[0]?.encoding === "SQL_ASCII") {
    throw new ExchangeError(
      "SOURCE_MALFORMED",
      "the database's encoding is SQL_ASCII: nobody can tell what its bytes mean; move the table to a database in UTF8",
    );
  }
  pinned.add(client);
}
