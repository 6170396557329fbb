import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { DatasetId, Digest } from "@wanlian/model/identifiers.js";
import { checkSchema, closed } from "@wanlian/model/kernel/schema.js";
import { type Static, Type } from "typebox";
import { ExchangeError } from "../../core/index.js";
import { TEXT_ENCODINGS } from "../../sheets/index.js";
import { CsvSource } from "./csv-source.js";
import { MariadbSource } from "./databases/mariadb-source.js";
import { PostgresSource } from "./databases/postgres-source.js";
import { ExcelSource } from "./excel-source.js";
import { HttpSource } from "./http-source.js";
import { ParquetSource } from "./parquet-source.js";
import type { Source } from "./source.js";

const path = Type.String({ minLength: 1, maxLength: 4096 });
const name = Type.String({ minLength: 1, maxLength: 63 });

/** Where a release's data lives. */
export const SourcePlace = Type.Union([
  closed({
    kind: Type.Literal("csv"),
    path,
    encoding: Type.Optional(Type.Enum([...TEXT_ENCODINGS])),
    delimiter: Type.Optional(Type.String({ minLength: 1, maxLength: 1 })),
  }),
  closed({ kind: Type.Literal("parquet"), path }),
  closed({ kind: Type.Literal("excel"), path }),
  closed({
    kind: Type.Literal("http"),
    url: Type.String({ pattern: "^https?://", maxLength: 2000 }),
    /** Where in its answer the list of rows is: names of members, with points; left out: the answer is the list. */
    rows: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    /** A file that holds what the service knows us by (a bearer token), which nobody but the node's user may read. */
    tokenFile: Type.Optional(path),
  }),
  closed({
    kind: Type.Enum(["postgres", "mariadb"]),
    /** Name of the environment variable that holds the connection string; */
    urlFrom: Type.Optional(Type.String({ pattern: "^[A-Z][A-Z0-9_]{0,63}$" })),
    /** or a file that holds it, which nobody but the node's user may read: taken up without a restart. */
    urlFile: Type.Optional(path),
    /** MariaDB calls it a database. */
    schema: name,
    table: name,
    orderBy: Type.Array(name, { minItems: 1, maxItems: 16 }),
  }),
]);
export type SourcePlace = Static<typeof SourcePlace>;
/** Data that is no file, and may change between two looks. */
export type LivePlace = Extract<SourcePlace, { kind: "postgres" | "mariadb" | "http" }>;

/** A release is known by its row root: data and key are the same whatever transaction registered it. */
const Entry = closed({
  dataset: DatasetId,
  rowRoot: Digest,
  /** Folder of the tree over its rows. */
  rows: path,
  place: SourcePlace,
});
export type Entry = Static<typeof Entry>;
const MAX_ENTRIES = 100_000;
/** A look-up does not look at the file anew each time. */
const LOOK_EVERY_MS = 500;
const Entries = Type.Array(Entry, { maxItems: MAX_ENTRIES });

export interface ListedSource {
  readonly source: Source;
  /** Folder of the tree over the release's rows. */
  readonly rows: string;
}

/**
 * Which file or table belongs to which release: the node's own configuration, one file. A request names dataset and
 * release and nothing else, so no request can reach anything that is not in here.
 */
export class SourceList {
  readonly #path: string;
  #entries = new Map<string, Entry>();
  #read = "";
  #looked = Number.NEGATIVE_INFINITY;
  readonly #opened = new Map<string, ListedSource>();

  private constructor(path: string) {
    this.#path = path;
  }

  /** @throws LedgerError INVALID_INPUT, naming the place in the file */
  static async open(path: string): Promise<SourceList> {
    const list = new SourceList(path);
    await list.#refresh();
    return list;
  }

  /** Puts a release's data on record; durable when it returns. */
  async add(entry: Entry): Promise<void> {
    const key = keyOf(entry.dataset, entry.rowRoot);
    checkSchema(Entry, entry);
    this.#looked = Number.NEGATIVE_INFINITY;
    await this.#refresh();
    this.#entries.set(key, entry);
    this.#opened.delete(key);
    const temporary = `${this.#path}.new`;
    await writeFile(temporary, JSON.stringify([...this.#entries.values()], undefined, 1), { mode: 0o600, flush: true });
    await rename(temporary, this.#path);
  }

  /** @throws ExchangeError SOURCE_MISSING */
  async find(dataset: DatasetId, rowRoot: Digest): Promise<ListedSource> {
    await this.#refresh();
    const key = keyOf(dataset, rowRoot);
    const opened = this.#opened.get(key);
    if (opened !== undefined) return opened;
    const entry = this.#entries.get(key);
    if (entry === undefined) {
      throw new ExchangeError("SOURCE_MISSING", `no file or table is configured for this release of ${dataset}`);
    }
    const listed = { source: await sourceAt(entry.place), rows: entry.rows };
    // Who asked at the same time may have been first: one source is open, and closed in the end.
    const first = this.#opened.get(key);
    if (first !== undefined) return first;
    this.#opened.set(key, listed);
    return listed;
  }

  /** Takes up what an administrator wrote into the file meanwhile. */
  async #refresh(): Promise<void> {
    const now = performance.now();
    if (now - this.#looked < LOOK_EVERY_MS) return;
    this.#looked = now;
    const found = await stat(this.#path, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
    const stamp = found === undefined ? "" : `${found.ino} ${found.size} ${found.mtimeNs}`;
    if (stamp === this.#read) return;
    const entries: unknown = found === undefined ? [] : JSON.parse(await readFile(this.#path, "utf8"));
    checkSchema(Entries, entries);
    this.#entries = new Map((entries as Entry[]).map((entry) => [keyOf(entry.dataset, entry.rowRoot), entry]));
    this.#opened.clear();
    this.#read = stamp;
  }

  async close(): Promise<void> {
    for (const { source } of this.#opened.values()) await source.close?.();
  }
}

/** The source at a place, as the list would open it. @throws ExchangeError SOURCE_MISSING */
export async function sourceAt(place: SourcePlace): Promise<Source> {
  switch (place.kind) {
    case "csv": {
      const { path, kind: _, ...options } = place;
      return new CsvSource(path, options);
    }
    case "parquet":
      return new ParquetSource(place.path);
    case "excel":
      return new ExcelSource(place.path);
    case "http": {
      const { url, rows, tokenFile } = place;
      return new HttpSource(url, { rows, token: tokenFile === undefined ? undefined : () => secretIn(tokenFile) });
    }
    case "postgres": {
      const { schema, table, orderBy } = place;
      return new PostgresSource({ url: await connectionString(place), table: [schema, table], orderBy });
    }
    case "mariadb": {
      const { schema, table, orderBy } = place;
      return new MariadbSource({ url: await connectionString(place), table: [schema, table], orderBy });
    }
  }
}

/** @throws ExchangeError SOURCE_MISSING */
async function connectionString({ urlFrom, urlFile }: { urlFrom?: string; urlFile?: string }): Promise<string> {
  if (urlFrom !== undefined && urlFile === undefined) {
    const url = process.env[urlFrom];
    if (url === undefined) throw new ExchangeError("SOURCE_MISSING", `${urlFrom} is not set`);
    return url;
  }
  if (urlFile === undefined || urlFrom !== undefined) {
    throw new ExchangeError("SOURCE_MISSING", "a database is told by urlFrom or by urlFile");
  }
  return await secretIn(urlFile);
}

/** @throws ExchangeError SOURCE_MISSING */
async function secretIn(path: string): Promise<string> {
  const file = await stat(path).catch((cause: unknown) => {
    throw new ExchangeError("SOURCE_MISSING", `the file ${path} with the source's secret is not there`, { cause });
  });
  if ((file.mode & 0o077) !== 0) {
    throw new ExchangeError("SOURCE_MISSING", `others may read ${path}, which holds a secret: chmod 600 ${path}`);
  }
  return (await readFile(path, "utf8")).trim();
}

function keyOf(dataset: DatasetId, rowRoot: Digest): string {
  return `${dataset} ${rowRoot}`;
}
