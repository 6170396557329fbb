import { cellLine } from "@wanlian/model/release/cell.js";
import type { Subject } from "../../access/index.js";
import type { ColumnBatch } from "../../sheets/index.js";
import { assertUnchanged, stampOf } from "../../tables/index.js";
import {
  asExchangeError,
  asText,
  checkFields,
  connect,
  type FileTable,
  findInFile,
  onePath,
  textOf,
} from "./duckdb.js";
import type { Row, Source } from "./source.js";

/** A Parquet file, read through DuckDB. */
export class ParquetSource implements Source {
  readonly #table: FileTable;

  constructor(path: string) {
    this.#table = { path: onePath(path), from: "read_parquet($1)" };
  }

  async fields(): Promise<readonly string[]> {
    await stampOf(this.#table.path);
    const connection = await connect();
    try {
      return (
        await connection.runAndReadAll(`select * from ${this.#table.from} limit 0`, [this.#table.path])
      ).columnNames();
    } catch (error) {
      throw asExchangeError(error);
    } finally {
      connection.closeSync();
    }
  }

  async find(subject: Subject, fields: readonly string[], limit: number): Promise<Row[]> {
    const stamp = await stampOf(this.#table.path);
    const rows = await findInFile(this.#table, subject, fields, limit);
    await assertUnchanged(this.#table.path, stamp);
    return rows;
  }

  async stamp(): Promise<string> {
    return (await stampOf(this.#table.path)).id;
  }

  async *read(fields: readonly string[]): AsyncGenerator<ColumnBatch> {
    const { path, from } = this.#table;
    const stamp = await stampOf(path);
    const connection = await connect();
    try {
      await checkFields(connection, this.#table, fields);
      const result = await connection.stream(`select ${fields.map(textOf).join(", ")} from ${from}`, [path]);
      for (
        let chunk = await result.fetchChunk();
        chunk !== null && chunk.rowCount > 0;
        chunk = await result.fetchChunk()
      ) {
        const columns = chunk.getColumns().map((column) => {
          return Buffer.from(column.map((value) => cellLine(asText(value))).join(""), "utf8");
        });
        yield { rows: chunk.rowCount, columns };
      }
    } catch (error) {
      throw asExchangeError(error);
    } finally {
      connection.closeSync();
    }
    await assertUnchanged(path, stamp);
  }
}
