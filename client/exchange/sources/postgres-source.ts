import { cellLine } from "@wanlian/model/model-1/release/cell.js";
import type { Pool, PoolClient } from "pg";
import type { Subject } from "../../access/index.js";
import { ExchangeError } from "../../core/index.js";
import type { ColumnBatch } from "../../tables/index.js";
import type { Row, Source } from "./source.js";

/** Rows fetched at a time. */
const FETCH_ROWS = 5000;
/** A source that does not answer for so long is slow, not busy. */
const STATEMENT_TIMEOUT_MS = 30_000;

/** Connections to one source: as many as look-ups and streams at once that a department's database should bear. */
const MAX_CONNECTIONS = 4;

/** A table in a department's own PostgreSQL database. */
export interface PostgresTable {
  /** Connection string; from the environment, since it holds a password. */
  readonly url: string;
  /** Schema and table. */
  readonly table: readonly [string, string];
  /** Columns that order the rows: a release has one order. */
  readonly orderBy: readonly string[];
}

/** Reads in one snapshot each time, so that what goes out is of one piece however the table is written to meanwhile. */
export class PostgresSource implements Source {
  readonly #table: PostgresTable;
  #pool: Promise<Pool> | undefined;
  #columns: ReadonlySet<string> | undefined;

  constructor(table: PostgresTable) {
    this.#table = table;
  }

  async find(subject: Subject, fields: readonly string[], limit: number): Promise<Row[]> {
    const client = await this.#connect();
    try {
      await this.#checkFields(client, [...fields, ...Object.keys(subject)]);
      const asked = Object.keys(subject);
      const conditions = asked.map((field, at) => `${quote(field)}::text = $${at + 1}`).join(" and ");
      const text = `${this.#select(fields)} where ${conditions} ${this.#order()} limit ${limit}`;
      const values = asked.map((field) => subject[field]);
      return (await client.query<(string | null)[]>({ text, values, rowMode: "array" })).rows;
    } catch (error) {
      throw asExchangeError(error);
    } finally {
      client.release();
    }
  }

  async *read(fields: readonly string[]): AsyncGenerator<ColumnBatch> {
    const client = await this.#connect();
    try {
      await this.#checkFields(client, fields);
      await client.query("begin isolation level repeatable read read only");
      await client.query(`declare release_rows no scroll cursor for ${this.#select(fields)} ${this.#order()}`);
      for (;;) {
        const text = `fetch ${FETCH_ROWS} from release_rows`;
        const { rows } = await client.query<(string | null)[]>({ text, rowMode: "array" });
        if (rows.length === 0) break;
        const columns = fields.map((_, at) =>
          Buffer.from(rows.map((row) => cellLine(row[at] ?? null)).join(""), "utf8"),
        );
        yield { rows: rows.length, columns };
      }
    } catch (error) {
      throw asExchangeError(error);
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
    try {
      return await (await this.#pool).connect();
    } catch (cause) {
      throw new ExchangeError("SOURCE_MISSING", "the source's database cannot be reached", { cause });
    }
  }

  async #open(): Promise<Pool> {
    const { default: pg } = await import("pg");
    const pool = new pg.Pool({
      connectionString: this.#table.url,
      max: MAX_CONNECTIONS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      connectionTimeoutMillis: STATEMENT_TIMEOUT_MS,
    });
    // A connection that dies while nobody uses it is replaced at the next use; nobody is there to be told.
    pool.on("error", () => undefined);
    return pool;
  }

  /** Names reach SQL only once they are known to be columns of the table. */
  async #checkFields(client: PoolClient, fields: readonly string[]): Promise<void> {
    const known = this.#columns ?? (await this.#readColumns(client));
    this.#columns = known;
    const unknown = [...fields, ...this.#table.orderBy].find((field) => !known.has(field));
    if (unknown !== undefined) throw new ExchangeError("FIELD_UNKNOWN", `the source has no field "${unknown}"`);
  }

  async #readColumns(client: PoolClient): Promise<ReadonlySet<string>> {
    const [schema, table] = this.#table.table;
    const text = "select column_name from information_schema.columns where table_schema = $1 and table_name = $2";
    const { rows } = await client.query<{ column_name: string }>({ text, values: [schema, table] });
    if (rows.length === 0) throw new ExchangeError("SOURCE_MISSING", "the source's table is not there");
    return new Set(rows.map((row) => row.column_name));
  }

  #select(fields: readonly string[]): string {
    return `select ${fields.map((field) => `${quote(field)}::text`).join(", ")} from ${this.#table.table.map(quote).join(".")}`;
  }

  #order(): string {
    return `order by ${this.#table.orderBy.map(quote).join(", ")}`;
  }
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** PostgreSQL's code for a statement that ran out of time. */
const QUERY_CANCELED = "57014";

function asExchangeError(error: unknown): unknown {
  if (error instanceof ExchangeError || !(error instanceof Error)) return error;
  const code = "code" in error ? error.code : undefined;
  if (code === QUERY_CANCELED) {
    return new ExchangeError("SOURCE_SLOW", `the source gave no answer in ${STATEMENT_TIMEOUT_MS} ms`, {
      cause: error,
    });
  }
  return new ExchangeError("SOURCE_MALFORMED", "the source's database refused or broke off", {
    details: { code },
    cause: error,
  });
}
