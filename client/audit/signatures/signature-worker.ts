import { parentPort } from "node:worker_threads";
import type { SignatureKey } from "@wanlian/protocol/identities/signature-key.js";
import { type SignatureTask, verdictsOf } from "./signature-task.js";

const keys: SignatureKey[] = [];

parentPort?.on("message", (task: SignatureTask) => {
  const verdicts = verdictsOf(task, keys);
  parentPort?.postMessage(verdicts, [verdicts.buffer]);
});
