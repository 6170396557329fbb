import { parentPort, workerData } from "node:worker_threads";
import { RowHasher } from "./row-hasher.js";
import { hashesOf, type RowTask } from "./row-task.js";

/** What the thread is given when it begins. */
export interface RowWorkerData {
  readonly key: Uint8Array;
  readonly fields: number;
}

const { key, fields } = workerData as RowWorkerData;
const hasher = new RowHasher(key, fields);

parentPort?.on("message", (task: RowTask) => {
  const hashes = hashesOf(hasher, task);
  parentPort?.postMessage(hashes, [hashes.buffer]);
});
