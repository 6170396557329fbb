import { parentPort, workerData } from "node:worker_threads";
import type { EndorserOptions } from "@wanlian/chaincode/endorser.js";
import { serveContracts } from "./serve-contracts.js";

const { address, options } = workerData as { readonly address: string; readonly options: EndorserOptions };
await serveContracts(address, options);
parentPort?.postMessage("listening");
