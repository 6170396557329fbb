import { QualityError } from "../../core/index.js";
import { asSourceError, openTable, type TableFile } from "../engine/checked-table.js";
import { name } from "../engine/sql-text.js";
import { Workbench, type WorkOptions } from "../engine/workbench.js";

/** Cells held in memory at four bytes each, beside one text for each distinct value. */
const MAX_CELLS = 50_000_000;

/** The code of a missing value; null and the empty text alike. */
export const MISSING = -1;

/** A column as numbers: each distinct value has one, in the order in which they first appear. */
export interface EncodedColumn {
  readonly name: string;
  readonly codes: Int32Array;
  readonly values: readonly string[];
}

export interface EncodedTable {
  readonly rows: number;
  readonly columns: readonly EncodedColumn[];
}

/** Reads a file whole. @throws QualityError CHECK_TOO_LARGE; ExchangeError SOURCE_* */
export async function encodeFile(file: TableFile, options: WorkOptions = {}): Promise<EncodedTable> {
  const bench = await Workbench.open(options);
  try {
    const table = await openTable(bench, "table", file);
    const [[rows] = []] = await bench.rows('select count(*) from "table"');
    const cells = Number(rows) * table.columns.length;
    if (cells > MAX_CELLS) {
      throw new QualityError(
        "CHECK_TOO_LARGE",
        `${cells} cells are more than ${MAX_CELLS}: take fewer rows or columns`,
      );
    }
    const encoders = table.columns.map(() => new Encoder(Number(rows)));
    for await (const columns of bench.pieces(`select ${table.columns.map(name).join(", ")} from "table"`)) {
      for (const [at, values] of columns.entries())
        for (const value of values) encoders[at]?.add(value as string | null);
    }
    await table.assertUnchanged();
    const columns = table.columns.map((column, at) => (encoders[at] as Encoder).finish(column));
    return { rows: Number(rows), columns };
  } catch (error) {
    throw asSourceError(error);
  } finally {
    await bench.close();
  }
}

/** A table from rows at hand. */
export function encodeRows(names: readonly string[], rows: readonly (readonly (string | null)[])[]): EncodedTable {
  const columns = names.map((column, at) => {
    const encoder = new Encoder(rows.length);
    for (const row of rows) encoder.add(row[at] ?? null);
    return encoder.finish(column);
  });
  return { rows: rows.length, columns };
}

class Encoder {
  readonly #known = new Map<string, number>();
  readonly #values: string[] = [];
  readonly #codes: Int32Array;
  #at = 0;

  constructor(rows: number) {
    this.#codes = new Int32Array(rows);
  }

  add(value: string | null): void {
    this.#codes[this.#at++] = value === null || value === "" ? MISSING : this.#codeOf(value);
  }

  finish(column: string): EncodedColumn {
    return { name: column, codes: this.#codes, values: this.#values };
  }

  #codeOf(value: string): number {
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    this.#known.set(value, this.#values.length);
    return this.#values.push(value) - 1;
  }
}
