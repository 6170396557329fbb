import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { ColumnBatch } from "../../sheets/index.js";
import { RowHasher } from "./row-hasher.js";
import { hashesOf, type RowTask } from "./row-task.js";
import type { RowWorkerData } from "./row-worker.js";

/** More threads than this would wait for the one that reads the source. */
const MAX_WORKERS = 4;
/** Tasks that a thread has at a time: one is hashed while the next comes. */
const TASKS_EACH = 2;

interface Owed {
  resolve(hashes: Uint8Array): void;
  reject(error: Error): void;
}

/**
 * Threads that hash rows; results come in the order in which the work was given. The first piece of work is done at
 * once: to start threads takes longer than a small release.
 */
export class RowWorkers {
  readonly #data: RowWorkerData;
  #workers: Worker[] = [];
  /** Of each thread: what it owes, in order. */
  #owed: Owed[][] = [];
  readonly #given: Promise<Uint8Array>[] = [];
  #tasks = 0;

  constructor(data: RowWorkerData) {
    this.#data = data;
  }

  /** Whether as much is under way as is good: take a result before more is given. */
  get full(): boolean {
    return this.#given.length >= Math.max(1, this.#workers.length) * TASKS_EACH;
  }

  get waiting(): number {
    return this.#given.length;
  }

  /** The leaves of a batch's rows from `from` on. The batch is copied. */
  giveRows({ rows, columns }: ColumnBatch, from: number): void {
    const bytes = new Uint8Array(columns.reduce((sum, column) => sum + column.length, 0));
    let at = 0;
    const ends = columns.map((column) => {
      bytes.set(column, at);
      at += column.length;
      return at;
    });
    this.#give({ $case: "rows", bytes, ends, rows, from });
  }

  /** The nodes above pairs of hashes. The hashes' memory goes with it. */
  givePairs(bytes: Uint8Array<ArrayBuffer>): void {
    this.#give({ $case: "pairs", bytes });
  }

  /** The oldest result that was not taken yet. */
  async take(): Promise<Uint8Array> {
    return (await this.#given.shift()) ?? new Uint8Array(0);
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #give(task: RowTask): void {
    this.#tasks += 1;
    const result =
      this.#tasks === 1
        ? Promise.resolve(hashesOf(new RowHasher(this.#data.key, this.#data.fields), task))
        : this.#post(task);
    // Met when it is taken, or of no interest if nobody takes it.
    result.catch(() => undefined);
    this.#given.push(result);
  }

  #post(task: RowTask): Promise<Uint8Array> {
    if (this.#workers.length === 0) this.#start();
    const at = this.#tasks % this.#workers.length;
    const result = new Promise<Uint8Array>((resolve, reject) => this.#owed[at]?.push({ resolve, reject }));
    this.#workers[at]?.postMessage(task, [task.bytes.buffer]);
    return result;
  }

  #start(): void {
    const count = Math.min(availableParallelism(), MAX_WORKERS);
    const module = new URL("./row-worker.js", import.meta.url);
    this.#workers = Array.from({ length: count }, () => new Worker(module, { workerData: this.#data }));
    this.#owed = this.#workers.map(() => []);
    for (const [at, worker] of this.#workers.entries()) {
      worker.on("message", (hashes: Uint8Array) => this.#owed[at]?.shift()?.resolve(hashes));
      worker.on("error", (error: Error) => this.#fail(at, error));
      worker.on("exit", (code) => this.#fail(at, new Error(`a hashing thread ended with ${code}`)));
    }
  }

  #fail(at: number, error: Error): void {
    for (const { reject } of this.#owed[at]?.splice(0) ?? []) reject(error);
  }
}
