import type { Subject } from "../../access/index.js";
import type { ColumnBatch } from "../../sheets/index.js";

/** Values of the fields asked, in their order; null: missing. */
export type Row = readonly (string | null)[];

/** Data of one release, where it lives. Values are text, as docs/formats/release-digest.md has it. */
export interface Source {
  /** The names of all its columns, in their order. @throws ExchangeError SOURCE_* */
  fields(): Promise<readonly string[]>;
  /**
   * Rows in which every field of the subject has the given value, in release order.
   * @param limit one more is read than is wanted, so that the caller can tell that there are more
   * @throws ExchangeError SOURCE_*, FIELD_UNKNOWN
   */
  find(subject: Subject, fields: readonly string[], limit: number): Promise<Row[]>;
  /**
   * The whole release in its row order, in batches. Ends with SOURCE_CHANGED if what was read is not of one piece.
   * @throws ExchangeError SOURCE_*, FIELD_UNKNOWN
   */
  read(fields: readonly string[]): AsyncIterable<ColumnBatch>;
  /** What changes whenever the data does; left out by a source that cannot tell. @throws ExchangeError SOURCE_MISSING */
  stamp?(): Promise<string>;
  /** Lets go of connections, where there are any. */
  close?(): Promise<void>;
}
