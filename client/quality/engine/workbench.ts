import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { QualityError } from "../../core/index.js";

/** What one check may take. */
export interface WorkLimits {
  /** Memory of the engine; what is more goes to a folder of its own on disk. Default 1 GB. */
  readonly memoryMb?: number;
  /** Disk of that folder. Default 20 GB. */
  readonly diskMb?: number;
  /** Default 2: a check runs beside a node that has people waiting. */
  readonly threads?: number;
}

export interface WorkOptions extends WorkLimits {
  /** Ends the query at hand with CHECK_CANCELLED. */
  readonly signal?: AbortSignal;
  /** Per cent of the query at hand, as the engine estimates it. */
  readonly onProgress?: (percent: number) => void;
}

const DEFAULT_MEMORY_MB = 1024;
const DEFAULT_DISK_MB = 20 * 1024;
const DEFAULT_THREADS = 2;
const LOOK_EVERY_MS = 200;

/** What DuckDB gives for the SQL of a check: text, numbers, and lists of text. */
export type Cell = string | number | bigint | boolean | null | readonly Cell[];

/** What DuckDB says of SQL or data that it cannot take; whoever asked knows which of them it is about. */
export class EngineRefusal extends Error {
  override readonly name = "EngineRefusal";

  constructor(cause: Error) {
    super(cause.message, { cause });
  }

  /** Its first line; those after it point into SQL that nobody has written. */
  get summary(): string {
    return this.message.split("\n", 1)[0] ?? this.message;
  }
}

/** A DuckDB of its own for one check: what it holds and whatever it writes to disk ends with it. */
export class Workbench {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #folder: string;
  readonly #options: WorkOptions;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, folder: string, options: WorkOptions) {
    this.#instance = instance;
    this.#connection = connection;
    this.#folder = folder;
    this.#options = options;
  }

  static async open(options: WorkOptions = {}): Promise<Workbench> {
    const { DuckDBInstance } = await import("@duckdb/node-api");
    const folder = await mkdtemp(join(tmpdir(), "wanlian-check-"));
    const instance = await DuckDBInstance.create(":memory:", {
      memory_limit: `${options.memoryMb ?? DEFAULT_MEMORY_MB}MB`,
      max_temp_directory_size: `${options.diskMb ?? DEFAULT_DISK_MB}MB`,
      temp_directory: folder,
      threads: String(options.threads ?? DEFAULT_THREADS),
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
    });
    const bench = new Workbench(instance, await instance.connect(), folder, options);
    // What a time with a zone looks like must not hang on the machine's own zone.
    await bench.run("set TimeZone = 'Asia/Shanghai'");
    await bench.run("set enable_progress_bar = true; set enable_progress_bar_print = false");
    return bench;
  }

  get connection(): DuckDBConnection {
    return this.#connection;
  }

  async run(sql: string): Promise<void> {
    await this.rows(sql);
  }

  /** @throws QualityError CHECK_CANCELLED, CHECK_TOO_LARGE; EngineRefusal */
  async rows(sql: string): Promise<Cell[][]> {
    const { signal, onProgress } = this.#options;
    this.assertWanted();
    const stop = () => this.#connection.interrupt();
    signal?.addEventListener("abort", stop, { once: true });
    const look = setInterval(() => {
      const { percentage } = this.#connection.progress;
      if (percentage >= 0) onProgress?.(percentage);
    }, LOOK_EVERY_MS);
    try {
      const reader = await this.#connection.runAndReadAll(sql);
      return reader.getRowsJS() as Cell[][];
    } catch (error) {
      this.assertWanted();
      if (!(error instanceof Error)) throw error;
      if (/out of memory/i.test(error.message)) {
        throw new QualityError("CHECK_TOO_LARGE", "the check needs more memory or disk than it may take", {
          cause: error,
        });
      }
      throw new EngineRefusal(error);
    } finally {
      clearInterval(look);
      signal?.removeEventListener("abort", stop);
    }
  }

  /** The columns of the result, piece by piece. @throws as {@link rows} */
  async *pieces(sql: string): AsyncGenerator<Cell[][]> {
    this.assertWanted();
    try {
      const result = await this.#connection.stream(sql);
      for (
        let chunk = await result.fetchChunk();
        chunk !== null && chunk.rowCount > 0;
        chunk = await result.fetchChunk()
      ) {
        this.assertWanted();
        yield chunk.getColumns() as Cell[][];
      }
    } catch (error) {
      if (error instanceof QualityError || !(error instanceof Error)) throw error;
      throw new EngineRefusal(error);
    }
  }

  /** From now on nothing is read or written but what this workbench already holds; there is no way back. */
  async lock(): Promise<void> {
    await this.run("set enable_external_access = false");
    await this.run("set lock_configuration = true");
  }

  async close(): Promise<void> {
    this.#connection.closeSync();
    this.#instance.closeSync();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** @throws QualityError CHECK_CANCELLED */
  assertWanted(): void {
    if (this.#options.signal?.aborted) throw new QualityError("CHECK_CANCELLED", "the check was cancelled");
  }
}
