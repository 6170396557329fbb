import type { FieldDigest } from "@wanlian/model/release/release-root.js";
import { ExchangeError } from "../core/index.js";
import { decodeColumn } from "./column.js";
import { readCsv } from "./csv.js";
import { recogniseEncoding } from "./recognise.js";
import { RunningDigest } from "./running-digest.js";

/** A table that is held whole, to be looked at row by row. */
export interface HeldTable {
  readonly fields: readonly string[];
  readonly rows: number;
  /** Values by field, then by row; null: missing. */
  readonly columns: readonly (readonly (string | null)[])[];
  readonly digests: readonly FieldDigest[];
}

/** What is looked at is held in memory: more than that is for the command line, which reads it as a stream. */
const MAX_HELD_BYTES = 64 * 1024 * 1024;

/**
 * Reads a CSV file whole, with the digests of its columns, as releases register them.
 * @param open gives the file's bytes from the beginning
 * @throws ExchangeError SOURCE_MALFORMED, SOURCE_TOO_LARGE
 */
export async function holdTable(open: () => AsyncIterable<Uint8Array>): Promise<HeldTable> {
  const encoding = await recogniseEncoding(open);
  const columns: (string | null)[][] = [];
  let running: RunningDigest | undefined;
  let bytes = 0;
  for await (const batch of readCsv(open(), { encoding })) {
    running ??= new RunningDigest(batch.fields);
    running.update(batch);
    for (const [at, column] of batch.columns.entries()) {
      bytes += column.length;
      if (bytes > MAX_HELD_BYTES)
        throw new ExchangeError("SOURCE_TOO_LARGE", `the table has over ${MAX_HELD_BYTES} bytes`);
      const held = columns[at] ?? [];
      columns[at] = held;
      for (const value of decodeColumn(column)) held.push(value);
    }
  }
  if (running === undefined) throw new ExchangeError("SOURCE_MALFORMED", "the file has no header line");
  const { rows, fields } = running.finish();
  return { fields: fields.map(({ name }) => name), rows, columns, digests: fields };
}

/** What a column of a file is to the release that it is held against. */
export type ColumnMatch = "same" | "differs" | "unknown";

/** Each column against the digest that the release registered of it. */
export const matchColumns = (
  { digests }: Pick<HeldTable, "digests">,
  registered: readonly FieldDigest[],
): ColumnMatch[] =>
  digests.map(({ name, digest }) => {
    const found = registered.find((field) => field.name === name);
    return found === undefined ? "unknown" : found.digest === digest ? "same" : "differs";
  });
