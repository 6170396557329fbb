import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { type SignatureKey, verifies } from "@wanlian/protocol/identities/signature-key.js";
import { type SignatureClaim, taskOf } from "./signature-task.js";

/** More threads than this would wait for the one that reads the logs. */
const MAX_WORKERS = 8;
/** So many are verified on Node's own pool: to start threads takes longer than a small audit. */
const FIRST_ON_POOL = 2_000;
/** Verified together: some 20 ms of one thread, and a few hundred kB. */
const TASK_CLAIMS = 256;
/** What a thread holds is one task. */
const LIMITS = { maxYoungGenerationSizeMb: 2 };

interface Owed {
  resolve(verdicts: Uint8Array): void;
  reject(error: Error): void;
}

interface Thread {
  readonly worker: Worker;
  /** Numbers of the keys that it has. */
  readonly keys: Map<SignatureKey, number>;
  /** Of the tasks that it has, in order. */
  readonly owed: Owed[];
}

/** Verifies signatures on threads of its own, many at a time: nearly all that an audit costs is that. */
export class SignatureThreads {
  #threads: Thread[] = [];
  #verified = 0;

  /** Whether each of them is right. */
  async hold(claims: readonly SignatureClaim[]): Promise<readonly boolean[]> {
    this.#verified += claims.length;
    if (this.#verified <= FIRST_ON_POOL) {
      return await Promise.all(
        claims.map(({ key, signed, signature }) => verifies(key, Buffer.concat(signed), signature)),
      );
    }
    const tasks: Promise<Uint8Array>[] = [];
    for (let at = 0; at < claims.length; at += TASK_CLAIMS) tasks.push(this.#give(claims.slice(at, at + TASK_CLAIMS)));
    return (await Promise.all(tasks)).flatMap((verdicts) => Array.from(verdicts, (verdict) => verdict === 1));
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.splice(0).map(({ worker }) => worker.terminate()));
  }

  #give(claims: readonly SignatureClaim[]): Promise<Uint8Array> {
    const thread = this.#leastBusy();
    const task = taskOf(claims, thread.keys);
    return new Promise((resolve, reject) => {
      thread.owed.push({ resolve, reject });
      thread.worker.postMessage(task, [task.bytes.buffer, task.claims.buffer]);
    });
  }

  /** Whatever it were given, it would never answer. */
  #drop(ended: Thread): void {
    this.#threads = this.#threads.filter((thread) => thread !== ended);
  }

  #leastBusy(): Thread {
    if (this.#threads.length === 0) {
      const count = Math.min(availableParallelism(), MAX_WORKERS);
      this.#threads = Array.from({ length: count }, () => startThread((ended) => this.#drop(ended)));
    }
    return this.#threads.reduce((least, thread) => (thread.owed.length < least.owed.length ? thread : least));
  }
}

function startThread(onEnd: (ended: Thread) => void): Thread {
  const worker = new Worker(new URL("./signature-worker.js", import.meta.url), { resourceLimits: LIMITS });
  const thread: Thread = { worker, keys: new Map(), owed: [] };
  worker.on("message", (verdicts: Uint8Array) => thread.owed.shift()?.resolve(verdicts));
  const end = (error: Error) => {
    onEnd(thread);
    for (const { reject } of thread.owed.splice(0)) reject(error);
  };
  worker.on("error", end);
  worker.on("exit", (code) => end(new Error(`a verifying thread ended with ${code}`)));
  return thread;
}
