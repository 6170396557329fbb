import { ClassicLevel } from "classic-level";
import { checkedValue, damaged, isCorruption, withChecksum } from "../checksum.js";
import { TableDigests } from "../table-digests.js";
import { blockOf, EVERYTHING } from "./keys.js";

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
  readonly #digests: TableDigests;
  readonly directory: string;

  private constructor(database: Database, digests: TableDigests, directory: string) {
    this.#database = database;
    this.#digests = digests;
    this.directory = directory;
  }

  /** Opens the database in a directory, or makes it. One process at a time: LevelDB holds a lock. */
  static async open(directory: string): Promise<Store> {
    const database: Database = new ClassicLevel(directory, BINARY);
    await database.open();
    return new Store(database, await TableDigests.open(directory), directory);
  }

  /** @throws NetworkError DAMAGED */
  get(key: Uint8Array, snapshot?: DatabaseSnapshot): Uint8Array | undefined {
    try {
      const stored = this.#database.getSync(key, snapshot === undefined ? BINARY : { ...BINARY, snapshot });
      return stored === undefined ? undefined : this.#checked(key, stored);
    } catch (error) {
      throw isCorruption(error) ? damaged(this.directory, blockOf(key), error) : error;
    }
  }

  /** Applies all or nothing, on disk when the promise resolves. */
  async write(writes: readonly Write[]): Promise<void> {
    const checksummed = writes.map((write) =>
      write.type === "put" ? { ...write, value: withChecksum(write.key, write.value) } : write,
    );
    await this.#database.batch(checksummed, { ...BINARY, sync: true });
  }

  /** Entries from `start` (inclusive) to `end` (exclusive) in key order. @throws NetworkError DAMAGED */
  async *range(
    [start, end]: readonly [Uint8Array, Uint8Array],
    options: { readonly snapshot?: DatabaseSnapshot; readonly reverse?: boolean } = {},
  ): AsyncIterableIterator<[Uint8Array, Uint8Array]> {
    try {
      for await (const [key, stored] of this.#database.iterator({ ...BINARY, gte: start, lt: end, ...options }))
        yield [key, this.#checked(key, stored)];
    } catch (error) {
      throw isCorruption(error) ? damaged(this.directory, undefined, error) : error;
    }
  }

  /** The entries of a range that are as they were written; what is damaged is left out. */
  async *intact([start, end]: readonly [Uint8Array, Uint8Array]): AsyncIterableIterator<[Uint8Array, Uint8Array]> {
    try {
      for await (const [key, stored] of this.#database.iterator({ ...BINARY, gte: start, lt: end })) {
        const value = checkedValue(key, stored);
        if (value !== undefined) yield [key, value];
      }
    } catch (error) {
      if (!isCorruption(error)) throw error;
    }
  }

  #checked(key: Uint8Array, stored: Uint8Array): Uint8Array {
    const value = checkedValue(key, stored);
    if (value === undefined) throw damaged(this.directory, blockOf(key));
    return value;
  }

  snapshot(): DatabaseSnapshot {
    return this.#database.snapshot();
  }

  async holdsAnything(): Promise<boolean> {
    const [first] = await this.#database.keys({ limit: 1 }).all();
    return first !== undefined;
  }

  /** Reads all files and entries; ends early when the signal aborts. @throws NetworkError DAMAGED */
  async check(signal: AbortSignal): Promise<void> {
    await this.#digests.check(signal);
    for await (const _ of this.range(EVERYTHING)) if (signal.aborted) return;
  }

  async close(): Promise<void> {
    await this.#database.close();
    await this.#digests.close();
  }
}
