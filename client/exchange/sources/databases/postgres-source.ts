import type { Pool, PoolClient } from "pg";
import type { Subject } from "../../../access/index.js";
import type { ColumnBatch } from "../../../sheets/index.js";
import type { Row, Source } from "../source.js";
import {
  asExchangeError,
  BATCH_ROWS,
  batchOf,
  type DatabaseTable,
  MAX_CONNECTIONS,
  openOrder,
  PATIENCE_MS,
  unknownField,
  unreachable,
} from "./database-table.js";
import { pinSession } from "./postgres-session.js";
import { isKeptUnique, type PostgresColumn, readColumns } from "./postgres-table.js";

/** PostgreSQL's code for a statement that ran out of time. */
const SLOW = ["57014"];

/** Reads in one snapshot each time, so that what goes out is of one piece however the table is written to meanwhile. */
export class PostgresSource implements Source {
  readonly #table: DatabaseTable;
  #pool: Promise<Pool> | undefined;

  constructor(table: DatabaseTable) {
    this.#table = table;
  }

  async fields(): Promise<readonly string[]> {
    const client = await this.#connect();
    try {
      return [...(await readColumns(client, this.#table.table)).keys()];
    } catch (error) {
      throw asExchangeError(error, SLOW);
    } finally {
      client.release();
    }
  }

  async find(subject: Subject, fields: readonly string[], limit: number): Promise<Row[]> {
    const client = await this.#connect();
    try {
      const asked = Object.keys(subject);
      const columns = await this.#columns(client, [...fields, ...asked]);
      const conditions = asked.map((field, at) => `${quote(field)}::text = $${at + 1}`).join(" and ");
      const text = `${this.#select(fields)} where ${conditions} ${this.#order(columns)} limit ${limit}`;
      const values = asked.map((field) => subject[field]);
      return (await client.query<(string | null)[]>({ text, values, rowMode: "array" })).rows;
    } catch (error) {
      throw asExchangeError(error, SLOW);
    } finally {
      client.release();
    }
  }

  async *read(fields: readonly string[]): AsyncGenerator<ColumnBatch> {
    const client = await this.#connect();
    try {
      await client.query("begin isolation level repeatable read read only");
      const columns = await this.#columns(client, fields);
      await this.#assertOneOrder(client);
      await client.query(`declare release_rows no scroll cursor for ${this.#select(fields)} ${this.#order(columns)}`);
      for (;;) {
        const text = `fetch ${BATCH_ROWS} from release_rows`;
        const { rows } = await client.query<(string | null)[]>({ text, rowMode: "array" });
        if (rows.length === 0) break;
        yield batchOf(fields, rows);
      }
    } catch (error) {
      throw asExchangeError(error, SLOW);
    } finally {
      // Whoever stops reading leaves a cursor open: the connection is not one to be used again.
      client.release(true);
    }
  }

  async close(): Promise<void> {
    await (await this.#pool)?.end();
  }

  async #connect(): Promise<PoolClient> {
    this.#pool ??= this.#open();
    const client = await (await this.#pool).connect().catch((cause: unknown) => {
      throw unreachable(cause);
    });
    try {
      await pinSession(client);
      return client;
    } catch (error) {
      client.release(true);
      throw asExchangeError(error, SLOW);
    }
  }

  async #open(): Promise<Pool> {
    const { default: pg } = await import("pg");
    const pool = new pg.Pool({
      connectionString: this.#table.url,
      max: MAX_CONNECTIONS,
      statement_timeout: PATIENCE_MS,
      connectionTimeoutMillis: PATIENCE_MS,
    });
    // A connection that dies while nobody uses it is replaced at the next use; nobody is there to be told.
    pool.on("error", () => undefined);
    return pool;
  }

  /** Names reach SQL only once they are known to be columns of the table. @throws ExchangeError FIELD_UNKNOWN */
  async #columns(client: PoolClient, fields: readonly string[]): Promise<ReadonlyMap<string, PostgresColumn>> {
    const known = await readColumns(client, this.#table.table);
    const unknown = [...fields, ...this.#table.orderBy].find((field) => !known.has(field));
    if (unknown !== undefined) throw unknownField(unknown);
    return known;
  }

  /** Rows that the order does not tell apart come in any order, and a release has one. @throws ExchangeError SOURCE_MALFORMED */
  async #assertOneOrder(client: PoolClient): Promise<void> {
    const { table, orderBy } = this.#table;
    if (await isKeptUnique(client, table, orderBy)) return;
    const by = orderBy.map(quote).join(", ");
    const { rows } = await client.query(`select from ${this.#from} group by ${by} having count(*) > 1 limit 1`);
    if (rows.length === 0) return;
    throw openOrder(orderBy);
  }

  #select(fields: readonly string[]): string {
    return `select ${fields.map((field) => `${quote(field)}::text`).join(", ")} from ${this.#from}`;
  }

  get #from(): string {
    return `${this.#table.table.map(quote).join(".")} as source`;
  }

  /** Texts by their bytes: a language's order differs between servers, and between versions of one. */
  #order(columns: ReadonlyMap<string, PostgresColumn>): string {
    const parts = this.#table.orderBy.map((name) => {
      // Without the table's name it would be the column of the result, which is text.
      return `source.${quote(name)}${columns.get(name)?.collatable ? ' collate pg_catalog."C"' : ""} nulls first`;
    });
    return `order by ${parts.join(", ")}`;
  }
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
