import { createHash } from "node:crypto";
import type { Digest } from "@wanlian/model/identifiers.js";
import { ExchangeError } from "../../core/index.js";
import { type LivePlace, onePath, type SourcePlace, sourceAt } from "../../exchange/sources/index.js";
import { type CsvOptions, decodeColumn, type NamedBatch, RunningDigest, readCsv } from "../../sheets/index.js";
import { assertUnchanged, type FileStamp, fileBytes, stampOf } from "../../tables/index.js";
import { type CsvScan, scanCsv } from "./csv-scan.js";
import { literal, name } from "./sql-text.js";
import { EngineRefusal, type Workbench } from "./workbench.js";

/** A file of data. */
export interface TableFile extends Pick<CsvOptions, "encoding" | "delimiter"> {
  readonly path: string;
  /** Default: by the name's ending. */
  readonly kind?: "csv" | "parquet" | "excel";
}

/** Where a table lies: every kind of place that a release can have. */
export type TablePlace = TableFile | LivePlace;

/** A table as the checks see it: a view of the workbench with every column as text. */
export interface CheckedTable {
  readonly view: string;
  readonly columns: readonly string[];
  /** SHA-256 of the file's bytes; of what is no file, the root over the digests of its columns. */
  readonly digest: Digest;
  /** @throws ExchangeError SOURCE_CHANGED */
  assertUnchanged(): Promise<void>;
}

/**
 * Opens a table as a view of the workbench. What DuckDB would read otherwise than a release is registered (decision
 * 081), and what it does not read, is read by the releases' own readers instead, into a table of the workbench.
 * @throws ExchangeError SOURCE_*; QualityError CHECK_*
 */
export async function openTable(bench: Workbench, view: string, at: TablePlace): Promise<CheckedTable> {
  if (!("path" in at)) {
    // What was read is checked, whatever became of it since.
    return { view, ...(await openSource(bench, view, at)), assertUnchanged: async () => undefined };
  }
  const stamp = await stampOf(at.path);
  return { view, ...(await openFile(bench, view, at, stamp)), assertUnchanged: () => assertUnchanged(at.path, stamp) };
}

async function openFile(bench: Workbench, view: string, file: TableFile, stamp: FileStamp): Promise<Opened> {
  switch (file.kind ?? kindByName(file.path)) {
    case "parquet":
      return await openParquet(bench, view, file.path);
    case "excel": {
      const { columns } = await openSource(bench, view, { kind: "excel", path: file.path });
      return { columns, digest: await digestOf(file.path) };
    }
    case "csv":
      return await openCsv(bench, view, file, stamp);
  }
}

function kindByName(path: string): "csv" | "parquet" | "excel" {
  const name = path.toLowerCase();
  return name.endsWith(".parquet") ? "parquet" : name.endsWith(".xlsx") ? "excel" : "csv";
}

/** Its digest is the root that a release of these columns would be registered with. */
async function openSource(bench: Workbench, view: string, place: SourcePlace): Promise<Opened> {
  const source = await sourceAt(place);
  try {
    const columns = await source.fields();
    const running = new RunningDigest(columns);
    const batches = async function* () {
      for await (const batch of source.read(columns)) {
        running.update(batch);
        yield { ...batch, fields: columns };
      }
    };
    await createTable(bench, view, columns);
    await appendBatches(bench, view, columns, batches());
    return { columns, digest: running.finish().root };
  } finally {
    await source.close?.();
  }
}

interface Opened {
  readonly columns: readonly string[];
  readonly digest: Digest;
}

async function openParquet(bench: Workbench, view: string, path: string): Promise<Opened> {
  const digest = await digestOf(path);
  try {
    const from = `read_parquet(${literal(onePath(path))})`;
    const described = await bench.rows(`describe select * from ${from}`);
    const columns = described.map(([column]) => String(column));
    const casts = columns.map((column) => `cast(${name(column)} as varchar) as ${name(column)}`);
    await bench.run(`create view ${name(view)} as select ${casts.join(", ")} from ${from}`);
    return { columns, digest };
  } catch (error) {
    throw asSourceError(error);
  }
}

async function openCsv(bench: Workbench, view: string, file: TableFile, stamp: FileStamp): Promise<Opened> {
  const scan = await scanCsv(file.path);
  const columns = await headerOf(file);
  await assertUnchanged(file.path, stamp);
  if (duckReadsTheSame(file, scan, columns)) {
    await bench.run(`create view ${name(view)} as select * from ${readCsvCall(file, scan, columns)}`);
  } else {
    await loadCsv(bench, view, file, columns);
  }
  return { columns, digest: scan.digest };
}

function duckReadsTheSame({ encoding = "utf-8" }: TableFile, scan: CsvScan, columns: readonly string[]): boolean {
  // Of a single column an empty line is a missing value in a release, and nothing at all to DuckDB.
  if (encoding !== "utf-8" || columns.length < 2) return false;
  return scan.lineEnds === "lf" || (scan.lineEnds === "crlf" && !scan.quotes);
}

function readCsvCall({ path, delimiter = "," }: TableFile, scan: CsvScan, columns: readonly string[]): string {
  const options = [
    "auto_detect = false",
    "header = true",
    `columns = {${columns.map((column) => `${literal(column)}: 'VARCHAR'`).join(", ")}}`,
    `delim = ${literal(delimiter)}`,
    `quote = '"'`,
    `escape = '"'`,
    "comment = ''",
    "nullstr = ''",
    "allow_quoted_nulls = false",
    "strict_mode = true",
    `parallel = ${scan.quotes ? "false" : "true"}`,
  ];
  return `read_csv(${literal(onePath(path))}, ${options.join(", ")})`;
}

/** The first batch ends where the first piece of the file does. */
async function headerOf(file: TableFile): Promise<readonly string[]> {
  for await (const batch of readCsv(fileBytes(file.path), file)) return batch.fields;
  throw new ExchangeError("SOURCE_MALFORMED", "the file has no header line");
}

/** Reads the file by the releases' reader into a table of the workbench, which spills to its own folder. */
async function loadCsv(bench: Workbench, table: string, file: TableFile, columns: readonly string[]): Promise<void> {
  await createTable(bench, table, columns);
  await appendBatches(bench, table, columns, readCsv(fileBytes(file.path), file));
}

async function createTable(bench: Workbench, table: string, columns: readonly string[]): Promise<void> {
  await bench.run(`create table ${name(table)} (${columns.map((column) => `${name(column)} varchar`).join(", ")})`);
}

/** As many rows as a chunk of DuckDB holds. */
const CHUNK_ROWS = 2048;

async function appendBatches(
  bench: Workbench,
  table: string,
  columns: readonly string[],
  batches: AsyncIterable<NamedBatch>,
): Promise<void> {
  const { DuckDBDataChunk, VARCHAR } = await import("@duckdb/node-api");
  const appender = await bench.connection.createAppender(table);
  const types = columns.map(() => VARCHAR);
  for await (const batch of batches) {
    bench.assertWanted();
    const values = batch.columns.map(decodeColumn);
    batch.release?.();
    for (let at = 0; at < batch.rows; at += CHUNK_ROWS) {
      const chunk = DuckDBDataChunk.create(types);
      chunk.setColumns(values.map((column) => column.slice(at, at + CHUNK_ROWS)));
      appender.appendDataChunk(chunk);
    }
  }
  appender.closeSync();
}

async function digestOf(path: string): Promise<Digest> {
  const hash = createHash("sha256");
  for await (const chunk of fileBytes(path)) hash.update(chunk);
  return hash.digest("hex") as Digest;
}

/** DuckDB's message names the line. */
export function asSourceError(error: unknown): unknown {
  if (!(error instanceof EngineRefusal)) return error;
  return new ExchangeError("SOURCE_MALFORMED", `the file cannot be read: ${error.message}`, { cause: error });
}
