import { readFile } from "node:fs/promises";
import type { Subject } from "../../access/index.js";
import { ExchangeError } from "../../core/index.js";
import { type ColumnBatch, excelRows } from "../../sheets/index.js";
import { assertUnchanged, type FileStamp, stampOf } from "../../tables/index.js";
import { checkHeader, HeldRows } from "./held-rows.js";
import type { Row, Source } from "./source.js";
import { checkWorkbook } from "./workbook-extent.js";

/** A workbook is read whole, and takes some twenty times its size then; what is larger belongs into Parquet or CSV. */
const MAX_WORKBOOK_BYTES = 32 * 1024 * 1024;

/**
 * The first sheet of an Excel workbook: the first row names the columns, empty cells are missing values, numbers are as
 * they are written in the file, days as 2026-09-21.
 */
export class ExcelSource implements Source {
  readonly #path: string;
  #held: { readonly stamp: FileStamp; readonly rows: Promise<HeldRows> } | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  async fields(): Promise<readonly string[]> {
    return (await this.#rows()).fields;
  }

  async find(subject: Subject, fields: readonly string[], limit: number): Promise<Row[]> {
    return (await this.#rows()).find(subject, fields, limit);
  }

  async *read(fields: readonly string[]): AsyncGenerator<ColumnBatch> {
    yield* (await this.#rows()).batches(fields);
  }

  async stamp(): Promise<string> {
    return (await stampOf(this.#path)).id;
  }

  async #rows(): Promise<HeldRows> {
    const stamp = await stampOf(this.#path);
    if (this.#held?.stamp.id !== stamp.id) this.#held = { stamp, rows: this.#load(stamp) };
    const { rows } = this.#held;
    return await rows.catch((error: unknown) => {
      this.#held = undefined;
      throw error;
    });
  }

  async #load(stamp: FileStamp): Promise<HeldRows> {
    if (stamp.size > MAX_WORKBOOK_BYTES)
      throw new ExchangeError("SOURCE_TOO_LARGE", `the workbook is larger than ${MAX_WORKBOOK_BYTES} bytes`);
    const bytes = await readFile(this.#path);
    checkWorkbook(bytes);
    const [first = [], ...rows] = await excelRows(bytes);
    await assertUnchanged(this.#path, stamp);
    // Every row comes as wide as the widest.
    const header = first.slice(0, first.findLastIndex((name) => name !== "") + 1);
    checkHeader(header);
    while (rows.at(-1)?.every((cell) => cell === "")) rows.pop();
    const wide = rows.findIndex((row) => row.slice(header.length).some((cell) => cell !== ""));
    if (wide >= 0)
      throw new ExchangeError("SOURCE_MALFORMED", `row ${wide + 2} has a value in a column without a name`);
    const columns = header.map((_, at) => rows.map((row) => (row[at] === "" ? null : (row[at] ?? null))));
    return new HeldRows(header, columns);
  }
}
