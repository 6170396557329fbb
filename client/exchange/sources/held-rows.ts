import { cellLine } from "@wanlian/model/release/cell.js";
import type { Subject } from "../../access/index.js";
import { ExchangeError } from "../../core/index.js";
import type { ColumnBatch } from "../../sheets/index.js";
import type { Row } from "./source.js";

/** Rows handed over at once. */
const BATCH_ROWS = 4096;

/** Rows that are held whole, to be looked up by value. */
export class HeldRows {
  readonly fields: readonly string[];
  readonly #columns: readonly (readonly (string | null)[])[];
  /** By field: rows by value. Made when a field is first looked up. */
  readonly #indexes = new Map<string, Map<string, number[]>>();

  /** @param columns by field, then by row; null: missing */
  constructor(fields: readonly string[], columns: readonly (readonly (string | null)[])[]) {
    this.fields = fields;
    this.#columns = columns;
  }

  /** As {@link Source.find}. @throws ExchangeError FIELD_UNKNOWN */
  find(subject: Subject, fields: readonly string[], limit: number): Row[] {
    const [[firstField, firstValue] = ["", ""], ...others] = Object.entries(subject);
    const conditions = others.map(([field, value]) => ({ column: this.#column(field), value }));
    const wanted = fields.map((field) => this.#column(field));
    const rows: Row[] = [];
    for (const at of this.#index(firstField).get(firstValue) ?? []) {
      if (!conditions.every(({ column, value }) => column[at] === value)) continue;
      rows.push(wanted.map((column) => column[at] ?? null));
      if (rows.length === limit) break;
    }
    return rows;
  }

  /** As {@link Source.read}. @throws ExchangeError FIELD_UNKNOWN */
  *batches(fields: readonly string[]): Generator<ColumnBatch> {
    const wanted = fields.map((field) => this.#column(field));
    const count = this.#columns[0]?.length ?? 0;
    for (let from = 0; from < count; from += BATCH_ROWS) {
      const rows = Math.min(BATCH_ROWS, count - from);
      const columns = wanted.map((column) =>
        Buffer.from(
          column
            .slice(from, from + rows)
            .map(cellLine)
            .join(""),
          "utf8",
        ),
      );
      yield { rows, columns };
    }
  }

  #column(field: string): readonly (string | null)[] {
    const column = this.#columns[this.fields.indexOf(field)];
    if (column === undefined) throw new ExchangeError("FIELD_UNKNOWN", `the source has no field "${field}"`);
    return column;
  }

  #index(field: string): Map<string, number[]> {
    const known = this.#indexes.get(field);
    if (known !== undefined) return known;
    const index = new Map<string, number[]>();
    for (const [at, value] of this.#column(field).entries()) {
      if (value === null) continue;
      const rows = index.get(value);
      if (rows === undefined) index.set(value, [at]);
      else rows.push(at);
    }
    this.#indexes.set(field, index);
    return index;
  }
}

/** Of one source that is held whole: more than a release has fields, and than 32 MB can fill. */
const MAX_COLUMNS = 10_000;
const MAX_CELLS = 20_000_000;

/**
 * What is missing takes room as well: rows that name a member each would have a million million cells.
 * @throws ExchangeError SOURCE_TOO_LARGE
 */
export function checkExtent(rows: number, columns: number): void {
  if (columns > MAX_COLUMNS || rows * columns > MAX_CELLS)
    throw new ExchangeError(
      "SOURCE_TOO_LARGE",
      `${rows} rows of ${columns} columns are more than ${MAX_COLUMNS} columns or ${MAX_CELLS} cells`,
    );
}

/**
 * Names of columns as they head a sheet.
 * @throws ExchangeError SOURCE_MALFORMED where one is empty or stands twice
 */
export function checkHeader(names: readonly string[]): void {
  const empty = names.findIndex((name) => name.trim() === "");
  if (names.length === 0)
    throw new ExchangeError("SOURCE_MALFORMED", "the first row, which names the columns, is empty");
  if (empty >= 0) throw new ExchangeError("SOURCE_MALFORMED", `column ${empty + 1} has no name in the first row`);
  const known = new Set<string>();
  const twice = names.find((name) => known.size === known.add(name).size);
  if (twice !== undefined) throw new ExchangeError("SOURCE_MALFORMED", `two columns are called "${twice}"`);
}
