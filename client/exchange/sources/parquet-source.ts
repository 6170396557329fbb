import type { DuckDBConnection } from "@duckdb/node-api";
import type { Subject } from "../access-request.js";
import { type ColumnBatch, encodeValue } from "../column.js";
import { ExchangeError } from "../errors.js";
import { assertUnchanged, stampOf } from "./file-stamp.js";
import type { Row, Source } from "./source.js";

/** Memory that one reading may take; DuckDB's own default is most of the machine's. */
const MEMORY_LIMIT = "512MB";

/** A Parquet file, read through DuckDB. The native library is loaded when the first one is used. */
export class ParquetSource implements Source {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async find(subject: Subject, fields: readonly string[], limit: number): Promise<Row[]> {
    const stamp = await stampOf(this.#path);
    const asked = Object.keys(subject);
    const conditions = asked.map((field, at) => `${textOf(field)} = $${at + 2}`).join(" and ");
    const rows = await this.#with(asked.concat(fields), async (connection) => {
      const sql = `select ${fields.map(textOf).join(", ")} from read_parquet($1) where ${conditions} limit ${limit}`;
      const reader = await connection.runAndReadAll(sql, [this.#path, ...asked.map((field) => subject[field] ?? "")]);
      return reader.getRows().map((row) => row.map(asText));
    });
    await assertUnchanged(this.#path, stamp);
    return rows;
  }

  async *read(fields: readonly string[]): AsyncGenerator<ColumnBatch> {
    const stamp = await stampOf(this.#path);
    const connection = await connect();
    try {
      await this.#checkFields(connection, fields);
      const result = await connection.stream(`select ${fields.map(textOf).join(", ")} from read_parquet($1)`, [
        this.#path,
      ]);
      for (
        let chunk = await result.fetchChunk();
        chunk !== null && chunk.rowCount > 0;
        chunk = await result.fetchChunk()
      ) {
        const columns = chunk.getColumns().map((column) => {
          return Buffer.from(column.map((value) => encodeValue(asText(value))).join(""), "utf8");
        });
        yield { rows: chunk.rowCount, columns };
      }
    } catch (error) {
      throw asExchangeError(error);
    } finally {
      connection.closeSync();
    }
    await assertUnchanged(this.#path, stamp);
  }

  async #with<T>(fields: readonly string[], work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = await connect();
    try {
      await this.#checkFields(connection, fields);
      return await work(connection);
    } catch (error) {
      throw asExchangeError(error);
    } finally {
      connection.closeSync();
    }
  }

  /** Names reach SQL only once they are known to be columns of the file. */
  async #checkFields(connection: DuckDBConnection, fields: readonly string[]): Promise<void> {
    const reader = await connection.runAndReadAll("select * from read_parquet($1) limit 0", [this.#path]);
    const known = new Set(reader.columnNames());
    const unknown = fields.find((field) => !known.has(field));
    if (unknown !== undefined) throw new ExchangeError("FIELD_UNKNOWN", `the source has no field "${unknown}"`);
  }
}

let instance: Promise<{ connect(): Promise<DuckDBConnection> }> | undefined;

/** One engine a process, without access to the network and without extensions from elsewhere. */
async function connect(): Promise<DuckDBConnection> {
  instance ??= import("@duckdb/node-api").then(({ DuckDBInstance }) =>
    DuckDBInstance.create(":memory:", {
      memory_limit: MEMORY_LIMIT,
      threads: "2",
      autoinstall_known_extensions: "false",
      preserve_insertion_order: "true",
    }),
  );
  return await (await instance).connect();
}

function textOf(field: string): string {
  const name = `"${field.replaceAll('"', '""')}"`;
  return `cast(${name} as varchar)`;
}

function asText(value: unknown): string | null {
  return value === null ? null : String(value);
}

function asExchangeError(error: unknown): unknown {
  if (error instanceof ExchangeError || !(error instanceof Error)) return error;
  return new ExchangeError("SOURCE_MALFORMED", `DuckDB cannot read the source: ${error.message}`, {}, error);
}
