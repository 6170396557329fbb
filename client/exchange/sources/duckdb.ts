import type { DuckDBConnection } from "@duckdb/node-api";
import type { Subject } from "../../access/index.js";
import { ExchangeError } from "../../core/index.js";
import type { Row } from "./source.js";

/** Memory that one reading may take; DuckDB's own default is most of the machine's. */
const MEMORY_LIMIT = "512MB";

/** A file as DuckDB reads it: a table function whose first argument, `$1`, is the path. */
export interface FileTable {
  readonly path: string;
  /** For example `read_parquet($1)`. Nothing in it comes from a request. */
  readonly from: string;
}

/** DuckDB takes these signs in a path for a pattern, and reads every file that fits. @throws ExchangeError SOURCE_MALFORMED */
export function onePath(path: string): string {
  if (/[*?[\]{}]/.test(path)) {
    throw new ExchangeError("SOURCE_MALFORMED", `the path "${path}" holds one of * ? [ ] { }; rename the file`);
  }
  return path;
}

/** Rows of a file by the values of fields, all as text, in the file's order. @throws ExchangeError FIELD_UNKNOWN, SOURCE_MALFORMED */
export async function findInFile(
  table: FileTable,
  subject: Subject,
  fields: readonly string[],
  limit: number,
): Promise<Row[]> {
  const asked = Object.keys(subject);
  const conditions = asked.map((field, at) => `${textOf(field)} = $${at + 2}`).join(" and ");
  const sql = `select ${fields.map(textOf).join(", ")} from ${table.from} where ${conditions} limit ${limit}`;
  const connection = await connect();
  try {
    await checkFields(connection, table, asked.concat(fields));
    const reader = await connection.runAndReadAll(sql, [table.path, ...asked.map((field) => subject[field] ?? "")]);
    return reader.getRows().map((row) => row.map(asText));
  } catch (error) {
    throw asExchangeError(error);
  } finally {
    connection.closeSync();
  }
}

/** SQL for a field's value as text. */
export function textOf(field: string): string {
  const name = `"${field.replaceAll('"', '""')}"`;
  return `cast(${name} as varchar)`;
}

export function asText(value: unknown): string | null {
  return value === null ? null : String(value);
}

export function asExchangeError(error: unknown): unknown {
  if (error instanceof ExchangeError || !(error instanceof Error)) return error;
  return new ExchangeError("SOURCE_MALFORMED", `DuckDB cannot read the source: ${error.message}`, { cause: error });
}

/** Names reach SQL only once they are known to be columns of the file. */
export async function checkFields(
  connection: DuckDBConnection,
  { path, from }: FileTable,
  fields: readonly string[],
): Promise<void> {
  const reader = await connection.runAndReadAll(`select * from ${from} limit 0`, [path]);
  const known = new Set(reader.columnNames());
  const unknown = fields.find((field) => !known.has(field));
  if (unknown !== undefined) throw new ExchangeError("FIELD_UNKNOWN", `the source has no field "${unknown}"`);
}

let instance: Promise<{ connect(): Promise<DuckDBConnection> }> | undefined;

/** One engine a process, without access to the network and without extensions from elsewhere. The native library is loaded at the first call. */
export async function connect(): Promise<DuckDBConnection> {
  instance ??= import("@duckdb/node-api").then(({ DuckDBInstance }) =>
    DuckDBInstance.create(":memory:", {
      memory_limit: MEMORY_LIMIT,
      threads: "2",
      autoinstall_known_extensions: "false",
      preserve_insertion_order: "true",
    }),
  );
  const connection = await (await instance).connect();
  // A time with a zone is written in China's, wherever the machine thinks it is.
  await connection.run("set TimeZone = 'Asia/Shanghai'");
  return connection;
}
