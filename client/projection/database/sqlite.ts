import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "@wanlian/protocol/errors.js";
import { type Dialect, SqliteDialect } from "kysely";
import sqlite from "node-sqlite3-wasm";
import { NodeError } from "../../core/index.js";
import { brokenPiece, isSealed, type Piece, seal, unseal } from "./seal.js";

const DERIVED_FILE = "projection.db";
const LOCAL_FILE = "local.db";

/** What SQLite says of a file that it did not write whole. */
export const DAMAGED = /malformed|not a database|disk image/i;

const CACHE_KIB = 32 * 1024;

/** Statements that give rows. Values are always bound, so the text holds nothing but our own SQL. */
const GIVES_ROWS = /^\s*(select|with|pragma|values|explain)\b|\breturning\b/i;

/**
 * Embedded SQL in one connection: derived tables in one file, the node's own in another, attached as `local`, so that
 * the first can be thrown away and rebuilt. Only for whoever has claimed the data directory (data-directory.ts): what
 * a killed process left of its lock is removed here.
 */
export function sqliteDialect(directory: string, told: (damage: string) => void): Dialect {
  const files = filesIn(directory);
  return new SqliteDialect({ database: async () => adapt(open(directory, told), files) });
}

function filesIn(directory: string): readonly [string, string] {
  return [join(directory, DERIVED_FILE), join(directory, LOCAL_FILE)];
}

/** Removes the derived tables' file, with its journal and lock. */
export function removeDerivedFile(directory: string): void {
  for (const suffix of ["", "-journal", ".lock", ".seal"]) {
    rmSync(join(directory, DERIVED_FILE + suffix), { recursive: true, force: true });
  }
}

/**
 * What SQLite's own check says of a database that nobody else uses: undefined where it is whole, else its first words.
 * What a kill left half done in it is undone first.
 */
export function damageOf(file: string): string | undefined {
  rmSync(`${file}.lock`, { recursive: true, force: true });
  let database: sqlite.Database | undefined;
  try {
    database = new sqlite.Database(file);
    const [first] = database.all("pragma integrity_check(1)") as { readonly integrity_check?: string }[];
    return first?.integrity_check === "ok" ? undefined : (first?.integrity_check ?? "it cannot be checked");
  } catch (error) {
    return messageOf(error);
  } finally {
    database?.close();
  }
}

function open(directory: string, told: (damage: string) => void): sqlite.Database {
  const files = filesIn(directory);
  // The library locks with a folder beside the file, which a kill -9 leaves behind.
  for (const file of files) rmSync(`${file}.lock`, { recursive: true, force: true });
  const [derived, local] = files;
  const broken = brokenPiece(local);
  if (broken !== undefined) throw damagedLocal(local, `${bytesOf(broken)} are not what was written`);
  const brokenDerived = brokenPiece(derived);
  if (brokenDerived !== undefined) {
    told(`${derived}: ${bytesOf(brokenDerived)} are not what was written; it is thrown away and made anew`);
    removeDerivedFile(directory);
  }
  // Whoever threw the file away may have left its journal, which must not be played into a new one.
  if (!existsSync(derived)) removeDerivedFile(directory);
  const unknown = files.filter((file) => existsSync(file) && !isSealed(file));
  for (const file of files) unseal(file);
  const database = new sqlite.Database(derived);
  try {
    prepare(database, local);
    // Of a node that was killed it is not known what its files were: SQLite's own check finds what does not fit together.
    if (unknown.includes(derived)) expectWhole(database, "main");
    if (unknown.includes(local)) expectLocalWhole(database, local);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

const bytesOf = ({ from, to }: Piece): string => `bytes ${from} to ${to}`;

function damagedLocal(file: string, what: string): NodeError {
  return new NodeError("STORE_FAILED", `${file} is damaged: ${what}; restore it from a backup.`);
}

/** @throws Error in SQLite's words for a damaged file */
function expectWhole(database: sqlite.Database, schema: "main" | "local"): void {
  const [first] = database.all(`pragma ${schema}.quick_check(1)`) as { readonly quick_check?: string }[];
  if (first?.quick_check !== "ok") throw new Error(`database disk image is malformed: ${first?.quick_check}`);
}

function expectLocalWhole(database: sqlite.Database, file: string): void {
  try {
    expectWhole(database, "local");
  } catch (error) {
    throw damagedLocal(file, messageOf(error));
  }
}

/** Where the tables' own table of contents cannot be read, SQLite says of an attached file that it cannot be opened. */
function attachLocal(database: sqlite.Database, file: string): void {
  try {
    database.run("attach ? as local", [file]);
  } catch (error) {
    const damage = damageOf(file);
    if (damage === undefined || !DAMAGED.test(damage)) throw error;
    throw damagedLocal(file, damage);
  }
}

function prepare(database: sqlite.Database, local: string): void {
  attachLocal(database, local);
  for (const schema of ["main", "local"]) {
    // A journal that is kept and overwritten saves two directory operations a commit.
    database.exec(`pragma ${schema}.journal_mode = persist`);
    database.exec(`pragma ${schema}.synchronous = full`);
    // KiB. The index of accesses grows in six places at once; with the default of 2 MB its pages come and go.
    database.exec(`pragma ${schema}.cache_size = -${CACHE_KIB}`);
    // The lock folder is then made once and not twice a transaction; nobody else may use these files anyway.
    database.exec(`pragma ${schema}.locking_mode = exclusive`);
  }
}

/** Statements that change something and are kept prepared: to prepare a long one takes longer than to run it. */
const MOST_PREPARED = 64;

/** Statements by their text. */
class PreparedStatements {
  readonly #database: sqlite.Database;
  readonly #statements = new Map<string, sqlite.Statement>();

  constructor(database: sqlite.Database) {
    this.#database = database;
  }

  run(text: string, values: sqlite.JSValue[]): sqlite.RunResult {
    const statement = this.#statements.get(text) ?? this.#prepare(text);
    try {
      return statement.run(values);
    } catch (error) {
      // One that failed cannot be used again.
      this.#drop(text);
      throw error;
    }
  }

  finalize(): void {
    for (const text of [...this.#statements.keys()]) this.#forget(text);
  }

  #prepare(text: string): sqlite.Statement {
    const statement = this.#database.prepare(text);
    const [oldest] = this.#statements.size >= MOST_PREPARED ? this.#statements.keys() : [];
    if (oldest !== undefined) this.#forget(oldest);
    this.#statements.set(text, statement);
    return statement;
  }

  #drop(text: string): void {
    try {
      this.#forget(text);
    } catch {
      // Says once more what the run has said.
    }
  }

  #forget(text: string): void {
    const statement = this.#statements.get(text);
    this.#statements.delete(text);
    statement?.finalize();
  }
}

/** The library's database as kysely wants one. */
function adapt(database: sqlite.Database, files: readonly string[]) {
  const prepared = new PreparedStatements(database);
  return {
    close: () => {
      prepared.finalize();
      database.close();
      for (const file of files) seal(file);
    },
    prepare: (sql: string) => ({
      reader: GIVES_ROWS.test(sql),
      all: (values: readonly unknown[]) => database.all(sql, bindable(values)),
      run: (values: readonly unknown[]) => prepared.run(sql, bindable(values)),
      *iterate(values: readonly unknown[]): IterableIterator<unknown> {
        const statement = database.prepare(sql);
        try {
          yield* statement.iterate(bindable(values));
        } finally {
          statement.finalize();
        }
      },
    }),
  };
}

function bindable(values: readonly unknown[]): sqlite.JSValue[] {
  return values.map((value) => {
    switch (typeof value) {
      case "string":
      case "number":
      case "bigint":
      case "boolean":
        return value;
      case "undefined":
        return null;
      default:
        if (value === null || value instanceof Uint8Array) return value;
        throw new TypeError(`a ${typeof value} cannot be stored in SQL`);
    }
  });
}
