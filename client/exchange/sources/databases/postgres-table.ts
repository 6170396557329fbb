import type { PoolClient } from "pg";
import { tableMissing } from "./database-table.js";

/** A column as the catalogue has it at this moment. */
export interface PostgresColumn {
  readonly name: string;
  /** Whether texts of its type are compared by a collation, which differs between servers. */
  readonly collatable: boolean;
}

/** Tables, partitioned tables, views, materialized views, foreign tables. */
const READABLE = "r p v m f".split(" ");

/** In the table's order. Looked up each time: a table may have been changed since. @throws ExchangeError SOURCE_MISSING */
export async function readColumns(
  client: PoolClient,
  [schema, table]: readonly [string, string],
): Promise<ReadonlyMap<string, PostgresColumn>> {
  const text = `
    select a.attname::text as name, a.attcollation <> 0 as collatable
    from pg_catalog.pg_attribute a
    join pg_catalog.pg_class c on c.oid = a.attrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname = $1 and c.relname = $2 and c.relkind = any($3) and a.attnum > 0 and not a.attisdropped
    order by a.attnum`;
  const { rows } = await client.query<PostgresColumn>({ text, values: [schema, table, READABLE] });
  if (rows.length === 0) throw tableMissing([schema, table]);
  return new Map(rows.map((row) => [row.name, row]));
}

/** Whether an index of the table already keeps the columns unique, so that no row has to be looked at. */
export async function isKeptUnique(
  client: PoolClient,
  [schema, table]: readonly [string, string],
  columns: readonly string[],
): Promise<boolean> {
  // Of a deferred constraint rows may be double within a transaction; a null is equal to no other.
  const text = `
    select exists (
      select from pg_catalog.pg_index i
      join pg_catalog.pg_class c on c.oid = i.indrelid
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where n.nspname = $1 and c.relname = $2 and i.indisunique and i.indisvalid and i.indimmediate
        and i.indpred is null and i.indexprs is null
        and not exists (
          select from unnest(i.indkey[0:i.indnkeyatts - 1]) k(number)
          join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = k.number
          where not (a.attname::text = any($3) and a.attnotnull)
        )
    ) as unique`;
  const { rows } = await client.query<{ unique: boolean }>({ text, values: [schema, table, columns] });
  return rows[0]?.unique === true;
}
