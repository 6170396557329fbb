import { spawn } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer, type Server } from "node:net";

/** How a program ended that was started, and what it said. */
export interface Ended {
  /** Undefined where it did not end by itself in time, and was ended. */
  readonly code: number | undefined;
  readonly out: string;
  readonly err: string;
}

/** A start that fails ends at once; this is for a machine under load. */
const PATIENCE_MS = 30_000;

/** Starts a program of Node's and waits for its end. */
export async function endOf(
  main: string,
  argv: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  const env = { ...process.env, LANG: "en_GB.UTF-8", ...environment };
  const child = spawn(process.execPath, ["--no-deprecation", main, ...argv], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said.err += text;
  });
  let late = false;
  const patience = setTimeout(() => {
    late = true;
    child.kill("SIGKILL");
  }, PATIENCE_MS);
  const [code] = (await once(child, "close")) as [number | null];
  clearTimeout(patience);
  return { ...said, code: late ? undefined : (code ?? undefined) };
}

/** A port of this machine that somebody else listens on. */
export async function taken(): Promise<{ readonly address: string; close(): void }> {
  const server: Server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { address: `127.0.0.1:${port}`, close: () => server.close() };
}
