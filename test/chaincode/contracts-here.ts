import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { EndorserOptions } from "@wanlian/chaincode/endorser.js";
import { SWITCH } from "../mutants/instrument.js";
import { freePort } from "../network/free-port.js";
import { serveContracts } from "./serve-contracts.js";

/** The contracts behind the server of unmodified fabric-shim: sooner there than in a process of their own. */
export class ContractsHere {
  private constructor(
    readonly address: string,
    readonly stop: () => void,
  ) {}

  /**
   * In a thread of their own: the shim's copy of Fabric's messages takes the same global names as the gateway's, and
   * whichever is loaded last breaks the other. Only where mutants are asked, which are switched in this thread and where
   * no gateway is, they are in this one.
   */
  static async start(options: EndorserOptions): Promise<ContractsHere> {
    const address = `127.0.0.1:${await freePort()}`;
    if (SWITCH in globalThis) return new ContractsHere(address, await serveContracts(address, options));
    const workerData = { address, options };
    const thread = new Worker(new URL("./contracts-thread.js", import.meta.url), { workerData, stdout: true });
    await once(thread, "message");
    return new ContractsHere(address, () => void thread.terminate());
  }
}
