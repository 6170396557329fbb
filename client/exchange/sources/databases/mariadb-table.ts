import type { PoolConnection, RowDataPacket } from "mysql2/promise";
import { tableMissing } from "./database-table.js";

/** A column as the catalogue has it at this moment. */
export interface MariadbColumn {
  readonly name: string;
  /** SQL for its canonical text; undefined for a type that has none. */
  readonly text: string | undefined;
  /** As the catalogue calls it. */
  readonly type: string;
  /** How rows are ordered by it: by the bytes of its text, or in the order of its type. */
  readonly order: "bytes" | "value";
  /** Whether equal canonical texts are equal to the server as well, so that an index can find them. */
  readonly isComparable: boolean;
  /** Whether a value may be longer than a sort looks at. */
  readonly isUnbounded: boolean;
}

interface CatalogueRow extends RowDataPacket {
  readonly name: string;
  readonly type: string;
  readonly bits: string | null;
}

/** In the table's order. Looked up each time: a table may have been changed since. @throws ExchangeError SOURCE_MISSING */
export async function readMariadbColumns(
  connection: PoolConnection,
  [schema, table]: readonly [string, string],
): Promise<ReadonlyMap<string, MariadbColumn>> {
  const sql = `
    select column_name as name, lower(data_type) as type, cast(numeric_precision as char) as bits
    from information_schema.columns where table_schema = ? and table_name = ? order by ordinal_position`;
  const [rows] = await connection.execute<CatalogueRow[]>(sql, [schema, table]);
  if (rows.length === 0) throw tableMissing([schema, table]);
  return new Map(rows.map((row) => [row.name, columnOf(row)]));
}

const TEXTS = "char varchar tinytext text mediumtext longtext enum set json".split(" ");
const BYTES = "binary varbinary tinyblob blob mediumblob longblob".split(" ");
const UNBOUNDED = "text mediumtext longtext json blob mediumblob longblob".split(" ");
const WHOLE = "tinyint smallint mediumint int bigint".split(" ");
/** Whose own text is canonical as it is. */
const PLAIN = "decimal date time datetime year double uuid inet4 inet6".split(" ");

function columnOf({ name, type, bits }: CatalogueRow): MariadbColumn {
  const value = `source.${quoteName(name)}`;
  const plain = `convert(${value} using utf8mb4)`;
  const column = { name, type, order: "value", isComparable: false, isUnbounded: UNBOUNDED.includes(type) } as const;
  if (TEXTS.includes(type)) return { ...column, text: plain, order: "bytes", isComparable: true };
  if (BYTES.includes(type)) return { ...column, text: `concat('\\\\x', lower(hex(${value})))` };
  if (WHOLE.includes(type)) return { ...column, text: plain, isComparable: true };
  if (PLAIN.includes(type)) return { ...column, text: plain };
  switch (type) {
    case "timestamp":
      return { ...column, text: `concat(${value}, '+08')` };
    case "float":
      // Its own text has six digits: two values would be one.
      return { ...column, text: `convert(cast(${value} as double) using utf8mb4)` };
    case "bit":
      return { ...column, text: `lpad(bin(${value}), ${Number(bits ?? 1)}, '0')` };
    default:
      return { ...column, text: undefined };
  }
}

export function quoteName(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

/** Whether an index of the table already keeps the columns unique, so that no row has to be looked at. */
export async function isKeptUniqueInMariadb(
  connection: PoolConnection,
  [schema, table]: readonly [string, string],
  columns: readonly string[],
): Promise<boolean> {
  // A null is equal to no other, and of an index over beginnings the rest may differ (which keeps rows apart all the same).
  const sql = `
    select index_name as name, column_name as \`column\`, if(nullable = 'YES', 'yes', 'no') as nullable
    from information_schema.statistics
    where table_schema = ? and table_name = ? and non_unique = 0`;
  const [rows] = await connection.execute<RowDataPacket[]>(sql, [schema, table]);
  const spoilt = new Set(
    rows.filter((row) => !columns.includes(String(row.column)) || row.nullable === "yes").map((row) => row.name),
  );
  return rows.some((row) => !spoilt.has(row.name));
}
