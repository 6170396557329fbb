import { setImmediate } from "node:timers/promises";
import type { ComparedRows } from "../../access/index.js";
import { type ColumnBatch, decodeColumn, RunningDigest } from "../../sheets/index.js";
import type { StreamView } from "../streams/release-stream.js";
import { cellDigest, digestsIn, rowDigest, textOf } from "./keyed-digests.js";

const ROWS_AT_ONCE = 1000;

/** The column of the rows' own digests; no field of a dataset is called so. */
export const ROW_COLUMN = "(row)";

/** What goes out of a comparison: for each row that was asked for, its digest and those of its cells. */
export class ComparedView implements StreamView {
  readonly columns: readonly string[];
  readonly #key: Buffer;
  readonly #asked: ReadonlySet<string>;
  readonly #by: readonly number[];
  readonly #cells: readonly (readonly [string, number])[];
  readonly #digest: RunningDigest;

  constructor(fields: readonly string[], by: readonly string[], { key, rows }: ComparedRows) {
    this.#key = Buffer.from(key, "hex");
    this.#asked = new Set([...digestsIn(rows)].map(nameOf));
    this.#by = by.map((field) => fields.indexOf(field));
    this.#cells = fields.flatMap((field, at) => (by.includes(field) ? [] : [[field, at] as const]));
    this.#digest = new RunningDigest(fields);
    this.columns = [ROW_COLUMN, ...this.#cells.map(([field]) => field)];
  }

  async of(batch: ColumnBatch): Promise<ColumnBatch> {
    this.#digest.update(batch);
    const columns = batch.columns.map(decodeColumn);
    batch.release?.();
    const out: string[] = this.columns.map(() => "");
    let rows = 0;
    for (let row = 0; row < batch.rows; row += 1) {
      // A digest takes some microseconds; whoever looks something up meanwhile must not wait for a whole batch.
      if (row % ROWS_AT_ONCE === 0) await setImmediate();
      const name = this.#by.map((at) => columns[at]?.[row] ?? null);
      // A row without a name is not asked for: it would be one with every other such.
      if (name.includes(null)) continue;
      const digest = rowDigest(this.#key, name);
      if (!this.#asked.has(nameOf(digest))) continue;
      rows += 1;
      out[0] += `${textOf(digest)}\n`;
      for (const [at, [field, column]] of this.#cells.entries()) {
        out[at + 1] += `${textOf(cellDigest(this.#key, name, field, columns[column]?.[row] ?? null))}\n`;
      }
    }
    return { rows, columns: out.map((column) => Buffer.from(column)) };
  }

  read() {
    return this.#digest.finish();
  }
}

/** Shorter than as text: there may be a hundred thousand. */
const nameOf = (digest: Buffer): string => digest.toString("latin1");
