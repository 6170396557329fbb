import type { PoolConnection } from "mysql2/promise";

/** Of a value that rows are ordered by; the server looks at no more. */
export const MAX_SORTED_BYTES = 131_072;

/**
 * What decides how MariaDB writes a value as text, how many rows it gives and in which order. A user, a database or a
 * server may have any of it otherwise, and each would give another digest (docs/formats/database-text.md).
 */
export const PINNED_STATEMENTS: readonly string[] = [
  // Otherwise what the connection's character set lacks comes as a question mark.
  "set names utf8mb4 collate utf8mb4_bin",
  // By number: a server need not have loaded the names of zones.
  "set time_zone = '+08:00'",
  // Blanks that fill up char(n), quotes in double quotes, empty texts as null: none of these.
  "set sql_mode = ''",
  "set old_mode = ''",
  "set lc_time_names = 'en_US'",
  // No rows left out, and no text sorted by its beginning alone.
  "set sql_select_limit = 18446744073709551615",
  `set max_sort_length = ${MAX_SORTED_BYTES}`,
  // As much as fifteen values that long, which a sort holds at least.
  `set sort_buffer_size = ${32 * MAX_SORTED_BYTES}`,
  // Whoever receives what goes out may be slow; the server would end the connection.
  "set net_write_timeout = 600",
  "set session transaction isolation level repeatable read",
];

const pinned = new WeakSet<object>();

/** Pins a connection's settings, once. */
export async function pinMariadbSession(connection: PoolConnection): Promise<void> {
  // The pool hands the same connection out in a new wrapping each time.
  if (pinned.has(connection.connection)) return;
  for (const statement of PINNED_STATEMENTS) await connection.query(statement);
  pinned.add(connection.connection);
}
