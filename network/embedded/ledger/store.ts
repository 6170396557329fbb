import { ClassicLevel } from "classic-level";

/** A change to the database. */
export type Write =
  | { readonly type: "put"; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly type: "del"; readonly key: Uint8Array };

type Database = ClassicLevel<Uint8Array, Uint8Array>;
export type DatabaseSnapshot = ReturnType<Database["snapshot"]>;

const BINARY = { keyEncoding: "view", valueEncoding: "view" } as const;

/** A channel's one database. Reads of single keys are synchronous: LevelDB answers most of them from memory within microseconds. */
export class Store {
  readonly #database: Database;

  private constructor(database: Database) {
    this.#database = database;
  }

  /** Opens the database in a directory, or makes it. One process at a time: LevelDB holds a lock. */
  static async open(directory: string): Promise<Store> {
    const database: Database = new ClassicLevel(directory, BINARY);
    await database.open();
    return new Store(database);
  }

  get(key: Uint8Array, snapshot?: DatabaseSnapshot): Uint8Array | undefined {
    return this.#database.getSync(key, snapshot === undefined ? BINARY : { ...BINARY, snapshot });
  }

  /** Applies all or nothing, on disk when the promise resolves. */
  async write(writes: readonly Write[]): Promise<void> {
    await this.#database.batch([...writes], { ...BINARY, sync: true });
  }

  /** Entries from `start` (inclusive) to `end` (exclusive) in key order. */
  range(
    [start, end]: readonly [Uint8Array, Uint8Array],
    options: { readonly snapshot?: DatabaseSnapshot; readonly reverse?: boolean } = {},
  ): AsyncIterableIterator<[Uint8Array, Uint8Array]> {
    return this.#database.iterator({ ...BINARY, gte: start, lt: end, ...options })[Symbol.asyncIterator]();
  }

  snapshot(): DatabaseSnapshot {
    return this.#database.snapshot();
  }

  async close(): Promise<void> {
    await this.#database.close();
  }
}
