import { cellLine } from "@wanlian/model/release/cell.js";
import { ExchangeError } from "../../../core/index.js";
import type { ColumnBatch } from "../../../sheets/index.js";

/** Rows handed on at a time. */
export const BATCH_ROWS = 5000;
/** A source that does not answer for so long is slow, not busy. */
export const PATIENCE_MS = 30_000;
/** Connections to one source: as many as look-ups and streams at once that a department's database should bear. */
export const MAX_CONNECTIONS = 4;

/** A table in a department's own database. */
export interface DatabaseTable {
  /** Connection string; from a file or the environment, since it holds a password. */
  readonly url: string;
  /** Schema (of MariaDB, the database) and table. */
  readonly table: readonly [string, string];
  /** Columns that order the rows: a release has one order. */
  readonly orderBy: readonly string[];
}

type Value = string | null;

/** Rows of texts as columns, each in its canonical form. */
export function batchOf(fields: readonly string[], rows: readonly (readonly Value[])[]): ColumnBatch {
  const columns = fields.map((_, at) => Buffer.from(rows.map((row) => cellLine(row[at] ?? null)).join(""), "utf8"));
  return { rows: rows.length, columns };
}

export const unknownField = (field: string): ExchangeError =>
  new ExchangeError("FIELD_UNKNOWN", `the source has no field "${field}"`);

export const unreachable = (cause: unknown): ExchangeError =>
  new ExchangeError("SOURCE_MISSING", "the source's database cannot be reached", { cause });

export const tableMissing = ([schema, table]: DatabaseTable["table"]): ExchangeError =>
  new ExchangeError("SOURCE_MISSING", `the source's table ${schema}.${table} is not there`);

export const openOrder = (orderBy: readonly string[]): ExchangeError =>
  new ExchangeError(
    "SOURCE_MALFORMED",
    `rows have the same ${orderBy.join(", ")}, so their order is open: order by columns that tell every two rows apart`,
  );

export const slow = (cause?: unknown): ExchangeError =>
  new ExchangeError("SOURCE_SLOW", `the source gave no answer in ${PATIENCE_MS} ms`, { cause });

/** What a driver threw, as an error of the exchange. @param slowCodes by which the driver says that time ran out */
export function asExchangeError(error: unknown, slowCodes: readonly string[]): unknown {
  if (error instanceof ExchangeError || !(error instanceof Error)) return error;
  const code = "code" in error ? error.code : undefined;
  if (slowCodes.includes(String(code))) return slow(error);
  return new ExchangeError("SOURCE_MALFORMED", "the source's database refused or broke off", {
    details: { code },
    cause: error,
  });
}
