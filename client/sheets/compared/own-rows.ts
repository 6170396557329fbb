import { randomBytes } from "node:crypto";
import { type ComparedRows, MAX_COMPARED_ROWS } from "@wanlian/verify";
import { ExchangeError } from "../../core/index.js";
import { type ColumnBatch, decodeColumn } from "../column.js";
import { bytesOf, cellDigest, rowDigest, textOf } from "./keyed-digests.js";

type Value = string | null;

/** A cell of one's own that the other side has otherwise. */
export interface OtherCell {
  /** Of one's own data, from 0. */
  readonly row: number;
  /** What the row is known by, as one has it. */
  readonly key: readonly Value[];
  readonly field: string;
  /** As one has it; what the other side has did not come. */
  readonly value: Value;
}

/** What a comparison came to, in what the asking side already has. */
export interface KeyedComparison {
  /** Of one's own that were compared. */
  readonly rows: number;
  /** Of one's own that could not be: a field that they are known by is missing. */
  readonly unnamed: number;
  readonly found: number;
  readonly absent: readonly { readonly row: number; readonly key: readonly Value[] }[];
  /** Rows whose key stands more than once there: which one is meant, nobody can say. */
  readonly several: readonly { readonly row: number; readonly key: readonly Value[] }[];
  readonly fields: readonly { readonly field: string; readonly same: number; readonly different: number }[];
  readonly differences: readonly OtherCell[];
}

interface OwnRow {
  readonly row: number;
  readonly key: readonly Value[];
  /** Of the compared fields, in their order. */
  readonly values: readonly Value[];
  /** How often the other side has it. */
  times: number;
  other: number[];
}

/** One's own data, wherever it lies: a source of the node's, or a file in a browser. */
export interface OwnData {
  /** Gives these fields of every row, in their order. */
  read(fields: readonly string[]): AsyncIterable<ColumnBatch>;
}

/** One's own rows in a comparison, under a key that lives as long as this. */
export class OwnRows {
  readonly fields: readonly string[];
  readonly #key = randomBytes(32);
  readonly #rows = new Map<string, OwnRow>();
  #unnamed = 0;

  private constructor(fields: readonly string[]) {
    this.fields = fields;
  }

  /**
   * @param by fields that tell rows apart
   * @param fields further ones, to be compared
   * @throws ExchangeError SOURCE_*; SOURCE_MALFORMED: two rows have the same key; FIELD_UNKNOWN
   */
  static async read(data: OwnData, by: readonly string[], fields: readonly string[]): Promise<OwnRows> {
    const own = new OwnRows(fields);
    let row = 0;
    for await (const batch of data.read([...by, ...fields])) {
      const columns = batch.columns.map(decodeColumn);
      batch.release?.();
      for (let at = 0; at < batch.rows; at += 1) {
        const values = columns.map((column) => column[at] ?? null);
        own.#add({
          row: row + at,
          key: values.slice(0, by.length),
          values: values.slice(by.length),
          times: 0,
          other: [],
        });
      }
      row += batch.rows;
    }
    return own;
  }

  #add(own: OwnRow): void {
    if (own.key.includes(null)) {
      this.#unnamed += 1;
      return;
    }
    const name = textOf(rowDigest(this.#key, own.key));
    const before = this.#rows.get(name);
    if (before !== undefined) {
      const which = `rows ${before.row + 1} and ${own.row + 1}`;
      throw new ExchangeError("SOURCE_MALFORMED", `${which} have the same key ${own.key.join(", ")}: which is meant?`, {
        details: { sameKey: [before.row, own.row] },
      });
    }
    this.#rows.set(name, own);
  }

  /** What is sent, in as many requests as it takes. */
  *requests(): Generator<ComparedRows> {
    const names = [...this.#rows.keys()];
    for (let at = 0; at < names.length; at += MAX_COMPARED_ROWS) {
      const some = names.slice(at, at + MAX_COMPARED_ROWS).map(bytesOf);
      yield { key: this.#key.toString("hex") as ComparedRows["key"], rows: Buffer.concat(some).toString("base64") };
    }
  }

  /** A row that came back: its digest, and those of its cells. @throws ExchangeError BAD_ANSWER */
  take([name = "", ...cells]: readonly string[]): void {
    const own = this.#rows.get(name);
    if (own === undefined || cells.length !== this.fields.length) {
      throw new ExchangeError("BAD_ANSWER", "a row came back that was not asked for");
    }
    own.times += 1;
    own.other = this.fields.flatMap((field, at) =>
      textOf(cellDigest(this.#key, own.key, field, own.values[at] ?? null)) === cells[at] ? [] : [at],
    );
  }

  /** Once all came back. */
  result(): KeyedComparison {
    const rows = [...this.#rows.values()];
    const found = rows.filter(({ times }) => times === 1);
    const named = ({ row, key }: OwnRow) => ({ row, key });
    return {
      rows: rows.length,
      unnamed: this.#unnamed,
      found: found.length,
      absent: rows.filter(({ times }) => times === 0).map(named),
      several: rows.filter(({ times }) => times > 1).map(named),
      fields: this.fields.map((field, at) => {
        const different = found.filter(({ other }) => other.includes(at)).length;
        return { field, same: found.length - different, different };
      }),
      differences: found.flatMap(({ row, key, values, other }) =>
        other.map((at) => ({ row, key, field: this.fields[at] as string, value: values[at] ?? null })),
      ),
    };
  }
}
