import { QualityError } from "../../core/index.js";
import { asSourceError, type CheckedTable, openTable, type TablePlace } from "../engine/checked-table.js";
import { literal, name } from "../engine/sql-text.js";
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
export async function encodeFile(file: TablePlace, options: WorkOptions = {}): Promise<EncodedTable> {
  return await encode([file], options, async ([opened]) => {
    const { view, columns } = opened as CheckedTable;
    return { columns, sql: `select ${columns.map(name).join(", ")} from ${name(view)}` };
  });
}

/**
 * Reads several files as one table: the columns that all of them have, and first a column that says which of them a row
 * is of.
 * @param files by the name of the source
 * @param needed what is read, where not all of it is needed
 * @throws QualityError CHECK_TOO_LARGE; ExchangeError SOURCE_*
 */
export async function encodeSources(
  files: ReadonlyMap<string, TablePlace>,
  source: string,
  options: WorkOptions = {},
  needed?: ReadonlySet<string>,
): Promise<EncodedTable> {
  const names = [...files.keys()];
  return await encode([...files.values()], options, async (opened) => {
    const [first, ...others] = opened.map(({ columns }) => columns);
    const wanted = (first ?? []).filter((column) => column !== source && (needed?.has(column) ?? true));
    const common = wanted.filter((column) => others.every((one) => one.includes(column)));
    const list = common.map(name).join(", ");
    const parts = opened.map(
      ({ view }, at) => `select ${literal(names[at] ?? "")} as ${name(source)}, ${list} from ${name(view)}`,
    );
    return { columns: [source, ...common], sql: parts.join(" union all ") };
  });
}

export interface Selection {
  readonly columns: readonly string[];
  readonly sql: string;
}

async function encode(
  files: readonly TablePlace[],
  options: WorkOptions,
  select: (opened: readonly CheckedTable[]) => Promise<Selection>,
): Promise<EncodedTable> {
  const bench = await Workbench.open(options);
  try {
    const opened: CheckedTable[] = [];
    for (const [at, file] of files.entries()) opened.push(await openTable(bench, `table ${at}`, file));
    const { columns, sql } = await select(opened);
    const encoded = await encodeQuery(bench, { columns, sql });
    for (const table of opened) await table.assertUnchanged();
    return encoded;
  } catch (error) {
    throw asSourceError(error);
  } finally {
    await bench.close();
  }
}

/** What a query of the workbench gives. @throws QualityError CHECK_TOO_LARGE */
export async function encodeQuery(bench: Workbench, { columns, sql }: Selection): Promise<EncodedTable> {
  const [[rows] = []] = await bench.rows(`select count(*) from (${sql})`);
  const cells = Number(rows) * columns.length;
  if (cells > MAX_CELLS) {
    throw new QualityError("CHECK_TOO_LARGE", `${cells} cells are more than ${MAX_CELLS}: take fewer rows or columns`);
  }
  const encoders = columns.map(() => new Encoder(Number(rows)));
  for await (const piece of bench.pieces(sql)) {
    for (const [at, values] of piece.entries()) for (const value of values) encoders[at]?.add(value as string | null);
  }
  return { rows: Number(rows), columns: columns.map((column, at) => (encoders[at] as Encoder).finish(column)) };
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
