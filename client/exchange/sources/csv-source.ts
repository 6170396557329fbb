import type { Subject } from "../../access/index.js";
import { ExchangeError } from "../../core/index.js";
import { type ColumnBatch, type CsvOptions, CsvReader, decodeColumn, readCsv, readRows } from "../../sheets/index.js";
import { assertUnchanged, csvStamp, type FileStamp, fileBytes, stampOf } from "../../tables/index.js";
import { csvTable } from "./csv-table.js";
import { type FileTable, findInFile } from "./duckdb.js";
import { HeldRows } from "./held-rows.js";
import type { Row, Source } from "./source.js";

/** Files up to this size are held in memory for look-ups, until they change; larger ones are searched each time. */
const MAX_HELD_BYTES = 32 * 1024 * 1024;

interface Held {
  readonly stamp: FileStamp;
  readonly rows: HeldRows;
}

/** What a large file is to DuckDB, which searches it faster than it is read here. */
interface Searchable {
  readonly stamp: FileStamp;
  /** Undefined where DuckDB would read it otherwise than it was registered (decision 081). */
  readonly table: FileTable | undefined;
}

/** A CSV file. Read by the same reader that digests releases, so that what goes out is what was registered. */
export class CsvSource implements Source {
  readonly #path: string;
  readonly #options: CsvOptions;
  readonly #maxHeldBytes: number;
  #held: Promise<Held> | undefined;
  #searchable: Searchable | undefined;

  constructor(path: string, options: CsvOptions = {}, maxHeldBytes = MAX_HELD_BYTES) {
    this.#path = path;
    this.#options = options;
    this.#maxHeldBytes = maxHeldBytes;
  }

  async fields(): Promise<readonly string[]> {
    for await (const batch of readCsv(fileBytes(this.#path), this.#options)) return batch.fields;
    throw new ExchangeError("SOURCE_MALFORMED", "the file has no header line");
  }

  async find(subject: Subject, fields: readonly string[], limit: number): Promise<Row[]> {
    const stamp = await stampOf(this.#path);
    if (stamp.size > this.#maxHeldBytes) return await this.#search(stamp, subject, fields, limit);
    return (await this.#hold(stamp)).rows.find(subject, fields, limit);
  }

  async *read(fields: readonly string[]): AsyncGenerator<ColumnBatch> {
    const stamp = await stampOf(this.#path);
    yield* readCsv(fileBytes(this.#path), { ...this.#options, fields });
    await assertUnchanged(this.#path, stamp);
  }

  async stamp(): Promise<string> {
    return await csvStamp(this.#path, this.#options);
  }

  /** The first look-up reads the file here and sees what it is to DuckDB; those after it leave it to DuckDB. */
  async #search(stamp: FileStamp, subject: Subject, fields: readonly string[], limit: number): Promise<Row[]> {
    const table = this.#searchable?.stamp.id === stamp.id ? this.#searchable.table : undefined;
    if (table === undefined) return await this.#scan(stamp, subject, fields, limit);
    try {
      const rows = await findInFile(table, subject, fields, limit);
      await assertUnchanged(this.#path, stamp);
      return rows;
    } catch (error) {
      if (!(error instanceof ExchangeError && error.code === "SOURCE_MALFORMED")) throw error;
      // It was read whole before, so it is not malformed: DuckDB has limits of its own.
      this.#searchable = { stamp, table: undefined };
      return await this.#scan(stamp, subject, fields, limit);
    }
  }

  async #scan(stamp: FileStamp, subject: Subject, fields: readonly string[], limit: number): Promise<Row[]> {
    const known = this.#searchable?.stamp.id === stamp.id;
    const asked = Object.keys(subject);
    const needed = [...new Set([...fields, ...asked])];
    const reader = new CsvReader({ ...this.#options, fields: needed });
    const rows: Row[] = [];
    for await (const batch of readRows(fileBytes(this.#path), this.#options, reader)) {
      if (rows.length === limit) {
        if (known) return rows;
        continue;
      }
      const columns = batch.columns.map(decodeColumn);
      batch.release?.();
      const conditions = asked.map((field) => ({ column: columns[needed.indexOf(field)], value: subject[field] }));
      const wanted = fields.map((field) => columns[needed.indexOf(field)]);
      for (let at = 0; at < batch.rows && rows.length < limit; at += 1) {
        if (!conditions.every(({ column, value }) => column?.[at] === value)) continue;
        rows.push(wanted.map((column) => column?.[at] ?? null));
      }
    }
    await assertUnchanged(this.#path, stamp);
    if (!known) this.#searchable = { stamp, table: csvTable(this.#path, this.#options, reader) };
    return rows;
  }

  async #hold(stamp: FileStamp): Promise<Held> {
    const held = await this.#held?.catch(() => undefined);
    if (held?.stamp.id === stamp.id) return held;
    this.#held = this.#load(stamp);
    return await this.#held;
  }

  async #load(stamp: FileStamp): Promise<Held> {
    const columns: (string | null)[][] = [];
    let fields: readonly string[] = [];
    for await (const batch of readCsv(fileBytes(this.#path), this.#options)) {
      fields = batch.fields;
      for (const [at, column] of batch.columns.entries()) {
        const values = columns[at] ?? [];
        columns[at] = values;
        for (const value of decodeColumn(column)) values.push(value);
      }
      batch.release?.();
    }
    await assertUnchanged(this.#path, stamp);
    return { stamp, rows: new HeldRows(fields, columns) };
  }
}
