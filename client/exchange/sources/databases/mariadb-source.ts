import type { Connection as PlainConnection } from "mysql2";
import type { Pool, PoolConnection } from "mysql2/promise";
import type { Subject } from "../../../access/index.js";
import { ExchangeError } from "../../../core/index.js";
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
  slow,
  unknownField,
  unreachable,
} from "./database-table.js";
import { MAX_SORTED_BYTES, pinMariadbSession } from "./mariadb-session.js";
import { isKeptUniqueInMariadb, type MariadbColumn, quoteName, readMariadbColumns } from "./mariadb-table.js";

/** By which the driver and the server say that time ran out. */
const SLOW = ["PROTOCOL_SEQUENCE_TIMEOUT", "ER_STATEMENT_TIMEOUT"];

type Value = string | null;

/** Reads in one snapshot each time, so that what goes out is of one piece however the table is written to meanwhile. */
export class MariadbSource implements Source {
  readonly #table: DatabaseTable;
  #pool: Promise<Pool> | undefined;

  constructor(table: DatabaseTable) {
    this.#table = table;
  }

  async fields(): Promise<readonly string[]> {
    return await this.#use(async (connection) => [...(await readMariadbColumns(connection, this.#table.table)).keys()]);
  }

  async find(subject: Subject, fields: readonly string[], limit: number): Promise<Row[]> {
    return await this.#use(async (connection) => {
      const asked = Object.entries(subject);
      const columns = await this.#columns(connection, [...fields, ...asked.map(([field]) => field)]);
      const conditions: string[] = [];
      const values: string[] = [];
      for (const [field, value] of asked) {
        const { text, isComparable } = known(columns, field);
        // Equal to the byte; what an index can find of it comes first.
        conditions.push(`cast(${text} as binary) = cast(convert(? using utf8mb4) as binary)`);
        values.push(value);
        if (!isComparable) continue;
        conditions.push(`source.${quoteName(field)} = ?`);
        values.push(value);
      }
      const where = conditions.join(" and ");
      const sql = `${this.#select(fields, columns)} where ${where} ${this.#order(columns)} limit ${limit}`;
      const statement = { sql, rowsAsArray: true, timeout: PATIENCE_MS } as const;
      const [rows] = await connection.execute(statement, values);
      return rows as unknown as Value[][];
    });
  }

  async *read(fields: readonly string[]): AsyncGenerator<ColumnBatch> {
    const connection = await this.#connect();
    try {
      await connection.query("start transaction with consistent snapshot, read only");
      const columns = await this.#columns(connection, fields);
      await this.#assertOneOrder(connection, columns);
      const sql = `${this.#select(fields, columns)} ${this.#order(columns)}`;
      // Without promises there is a stream: rows are taken off the connection as they are wanted.
      const plain = connection.connection as unknown as PlainConnection;
      const rows = plain.query({ sql, rowsAsArray: true }).stream({ highWaterMark: BATCH_ROWS });
      for await (const some of inBatches(withPatience(rows as AsyncIterable<Value[]>))) yield batchOf(fields, some);
    } catch (error) {
      throw asExchangeError(error, SLOW);
    } finally {
      // Whoever stops reading leaves rows on their way: the connection is not one to be used again.
      connection.destroy();
    }
  }

  async close(): Promise<void> {
    await (await this.#pool)?.end();
  }

  async #use<T>(act: (connection: PoolConnection) => Promise<T>): Promise<T> {
    const connection = await this.#connect();
    try {
      const value = await act(connection);
      connection.release();
      return value;
    } catch (error) {
      // What it was about is known to nobody now, so it is not one to be used again.
      connection.destroy();
      throw asExchangeError(error, SLOW);
    }
  }

  async #connect(): Promise<PoolConnection> {
    this.#pool ??= openPool(this.#table.url);
    const connection = await (await this.#pool).getConnection().catch((cause: unknown) => {
      throw unreachable(cause);
    });
    try {
      await pinMariadbSession(connection);
      return connection;
    } catch (error) {
      connection.destroy();
      throw asExchangeError(error, SLOW);
    }
  }

  /** Names reach SQL only once they are known to be columns of the table. @throws ExchangeError FIELD_UNKNOWN, SOURCE_MALFORMED */
  async #columns(connection: PoolConnection, fields: readonly string[]): Promise<ReadonlyMap<string, MariadbColumn>> {
    const columns = await readMariadbColumns(connection, this.#table.table);
    for (const field of [...fields, ...this.#table.orderBy]) {
      const column = columns.get(field);
      if (column === undefined) throw unknownField(field);
      if (column.text === undefined) {
        const what = `"${field}" is of the type ${column.type}, which has no one text: write it as text in a view`;
        throw new ExchangeError("SOURCE_MALFORMED", what);
      }
    }
    return columns;
  }

  /** Rows that the order does not tell apart come in any order, and a release has one. @throws ExchangeError SOURCE_MALFORMED */
  async #assertOneOrder(connection: PoolConnection, columns: ReadonlyMap<string, MariadbColumn>): Promise<void> {
    const { table, orderBy } = this.#table;
    for (const { name, text, isUnbounded } of orderBy.map((by) => known(columns, by))) {
      if (!isUnbounded) continue;
      const long = `select 1 from ${this.#from} where octet_length(${text}) > ${MAX_SORTED_BYTES} limit 1`;
      if (isEmpty(await connection.query(long))) continue;
      const what = `"${name}" has values of over ${MAX_SORTED_BYTES} bytes, by which no rows can be ordered`;
      throw new ExchangeError("SOURCE_MALFORMED", what);
    }
    if (await isKeptUniqueInMariadb(connection, table, orderBy)) return;
    const by = orderBy.map((name) => orderOf(known(columns, name))).join(", ");
    const doubles = `select 1 from ${this.#from} group by ${by} having count(*) > 1 limit 1`;
    if (isEmpty(await connection.query(doubles))) return;
    throw openOrder(orderBy);
  }

  #select(fields: readonly string[], columns: ReadonlyMap<string, MariadbColumn>): string {
    return `select ${fields.map((field) => known(columns, field).text).join(", ")} from ${this.#from}`;
  }

  get #from(): string {
    return `${this.#table.table.map(quoteName).join(".")} as source`;
  }

  /** Ascending, in which MariaDB has what is missing first. */
  #order(columns: ReadonlyMap<string, MariadbColumn>): string {
    return `order by ${this.#table.orderBy.map((name) => orderOf(known(columns, name))).join(", ")}`;
  }
}

const isEmpty = ([rows]: readonly unknown[]): boolean => Array.isArray(rows) && rows.length === 0;

/** Texts by their bytes: a collation differs between columns, and holds texts for equal that are not. */
const orderOf = ({ name, text, order }: MariadbColumn): string =>
  order === "bytes" ? `cast(${text} as binary)` : `source.${quoteName(name)}`;

function known(columns: ReadonlyMap<string, MariadbColumn>, name: string): MariadbColumn {
  const column = columns.get(name);
  if (column === undefined) throw unknownField(name);
  return column;
}

async function openPool(url: string): Promise<Pool> {
  const { createPool } = await import("mysql2/promise");
  return createPool({
    uri: url.replace(/^mariadb:/, "mysql:"),
    connectionLimit: MAX_CONNECTIONS,
    connectTimeout: PATIENCE_MS,
    charset: "utf8mb4",
    // All that is selected is text.
    typeCast: (field) => field.string(),
    // No code is made of what a server says of its columns.
    disableEval: true,
    multipleStatements: false,
  });
}

async function* inBatches(rows: AsyncIterable<Value[]>): AsyncGenerator<Value[][]> {
  let some: Value[][] = [];
  for await (const row of rows) {
    some.push(row);
    if (some.length < BATCH_ROWS) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}

/** @throws ExchangeError SOURCE_SLOW where no row comes for too long, while one is waited for */
async function* withPatience<T>(rows: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = rows[Symbol.asyncIterator]();
  try {
    for (;;) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(slow()), PATIENCE_MS);
      });
      const next = await Promise.race([iterator.next(), late]).finally(() => clearTimeout(timer));
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await iterator.return?.();
  }
}
