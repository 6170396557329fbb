import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { DatasetId, Digest } from "@wanlian/model/identifiers.js";
import { checkSchema } from "@wanlian/model/kernel/schema.js";
import { closed } from "@wanlian/model/model-1/limits.js";
import { type Static, Type } from "typebox";
import { ExchangeError } from "../../core/index.js";
import { CsvSource } from "./csv-source.js";
import { ParquetSource } from "./parquet-source.js";
import { PostgresSource } from "./postgres-source.js";
import type { Source } from "./source.js";

const path = Type.String({ minLength: 1, maxLength: 4096 });
const name = Type.String({ minLength: 1, maxLength: 63 });

/** Where a release's data lives. */
export const SourcePlace = Type.Union([
  closed({
    kind: Type.Literal("csv"),
    path,
    encoding: Type.Optional(Type.Enum(["utf-8", "gb18030"])),
    delimiter: Type.Optional(Type.String({ minLength: 1, maxLength: 1 })),
  }),
  closed({ kind: Type.Literal("parquet"), path }),
  closed({
    kind: Type.Literal("postgres"),
    /** Name of the environment variable that holds the connection string. */
    urlFrom: Type.String({ pattern: "^[A-Z][A-Z0-9_]{0,63}$" }),
    schema: name,
    table: name,
    orderBy: Type.Array(name, { minItems: 1, maxItems: 16 }),
  }),
]);
export type SourcePlace = Static<typeof SourcePlace>;

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
    const listed = { source: sourceAt(entry.place), rows: entry.rows };
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

function sourceAt(place: SourcePlace): Source {
  switch (place.kind) {
    case "csv": {
      const { path, kind: _, ...options } = place;
      return new CsvSource(path, options);
    }
    case "parquet":
      return new ParquetSource(place.path);
    case "postgres": {
      const url = process.env[place.urlFrom];
      if (url === undefined) throw new ExchangeError("SOURCE_MISSING", `${place.urlFrom} is not set`);
      return new PostgresSource({ url, table: [place.schema, place.table], orderBy: place.orderBy });
    }
  }
}

function keyOf(dataset: DatasetId, rowRoot: Digest): string {
  return `${dataset} ${rowRoot}`;
}
