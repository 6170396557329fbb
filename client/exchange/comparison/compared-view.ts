import { setImmediate } from "node:timers/promises";
import type { ComparedRows } from "../../access/index.js";
import {
  type ColumnBatch,
  cellDigest,
  decodeColumn,
  digestsIn,
  RunningDigest,
  rowDigest,
  textOf,
} from "../../sheets/index.js";
import type { StreamView } from "../streams/release-stream.js";

/** Of some microseconds each; of a full batch of a table with hundreds of fields, the digests fit in no frame. */
const DIGESTS_AT_ONCE = 10_000;

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

  async *of(batch: ColumnBatch): AsyncGenerator<ColumnBatch> {
    this.#digest.update(batch);
    const columns = batch.columns.map(decodeColumn);
    batch.release?.();
    for (let from = 0; from < batch.rows; ) {
      // Whoever looks something up meanwhile must not wait for a whole batch.
      await setImmediate();
      const part = new Part(this.columns.length);
      for (; from < batch.rows && part.digests < DIGESTS_AT_ONCE; from += 1) this.#add(part, columns, from);
      yield part.batch();
    }
  }

  #add(part: Part, columns: readonly (readonly (string | null)[])[], row: number): void {
    const name = this.#by.map((at) => columns[at]?.[row] ?? null);
    // A row without a name is not asked for: it would be one with every other such.
    if (name.includes(null)) return;
    const digest = rowDigest(this.#key, name);
    part.digests += 1;
    if (!this.#asked.has(nameOf(digest))) return;
    const cells = this.#cells.map(([field, at]) => cellDigest(this.#key, name, field, columns[at]?.[row] ?? null));
    part.add([digest, ...cells]);
  }

  read() {
    return this.#digest.finish();
  }
}

/** Shorter than as text: there may be a hundred thousand. */
const nameOf = (digest: Buffer): string => digest.toString("latin1");

/** What goes out together. */
class Part {
  /** That were taken for it, of rows that were not asked for too. */
  digests = 0;
  #rows = 0;
  readonly #columns: string[];

  constructor(columns: number) {
    this.#columns = Array.from({ length: columns }, () => "");
  }

  /** A row: its digest, and those of its cells. */
  add(digests: readonly Buffer[]): void {
    for (const [at, digest] of digests.entries()) this.#columns[at] += `${textOf(digest)}\n`;
    this.#rows += 1;
    this.digests += digests.length;
  }

  batch(): ColumnBatch {
    return { rows: this.#rows, columns: this.#columns.map((column) => Buffer.from(column)) };
  }
}
