import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(import.meta.resolve("@wanlian/chaincode/main.js"));

/** The chaincode process as a department runs it. */
export class ChaincodeProcess {
  private constructor(
    readonly address: string,
    readonly process: ChildProcess,
  ) {}

  /** Starts it and waits for its ready line. */
  static async start(environment: Readonly<Record<string, string>>): Promise<ChaincodeProcess> {
    const address = `127.0.0.1:${await freePort()}`;
    const child = spawn(process.execPath, [MAIN], {
      env: { ...process.env, CHAINCODE_ID: "wanlian:1", CHAINCODE_SERVER_ADDRESS: address, ...environment },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await once(createInterface({ input: child.stdout }), "line");
    if (JSON.parse(String(line)).ready !== true) throw new Error(`the chaincode said ${line}`);
    return new ChaincodeProcess(address, child);
  }

  async stop(): Promise<number | null> {
    const ended = once(this.process, "exit");
    this.process.kill("SIGTERM");
    const [code] = await ended;
    return code;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port is free");
  return address.port;
}
