import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Words } from "@wanlian/protocol/language.js";
import { identify, isRunning, type ProcessIdentity } from "@wanlian/protocol/process-identity.js";
import { NetworkError } from "../error.js";
import type { Address } from "../topology/topology.js";
import { isNoSuchFile, writeWhole } from "./files.js";
import { answers } from "./port.js";

/** A process of the network's: how it is started, and how one sees that it serves. */
export interface ProcessSpec {
  /** Names its files; `peer-HealthMSP` for example. */
  readonly name: string;
  /** Names it in sentences. */
  readonly title: Words;
  readonly command: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly directory?: string;
  /** What it will listen on. */
  readonly listens: readonly Address[];
  /** `line`: it prints one line of JSON with `"ready":true`. `port`: every address takes connections. */
  readonly ready: "line" | "port";
}

/** How a process stands. */
export type ProcessState =
  | { readonly kind: "running"; readonly pid: number }
  /** It was started and is gone without having been stopped. */
  | { readonly kind: "dead" }
  | { readonly kind: "stopped" };

/** A node process loads its packages in about a second; on a busy machine with twenty at once, some more. */
const READY_TIMEOUT_MS = 60_000;
/** After this long without an end, a process that was asked to stop is killed. */
const STOP_TIMEOUT_MS = 15_000;
const POLL_MS = 25;
/** Logs of so many earlier runs are kept. */
const LOGS_KEPT = 5;
const LOG_LINES_SHOWN = 12;

/** The processes that run out of one data directory. They outlive the command that starts them; files say which they are. */
export class Processes {
  readonly #run: string;
  readonly #logs: string;

  constructor(directory: string) {
    this.#run = join(directory, "run");
    this.#logs = join(directory, "logs");
  }

  /** Where the process of that name logs. */
  logFile(name: string): string {
    return join(this.#logs, `${name}.log`);
  }

  /** Starts a process and waits until it serves; one that runs already is left alone. Throws `PROCESS_FAILED` with its last words. */
  async start(spec: ProcessSpec): Promise<void> {
    const state = await this.state(spec.name);
    if (state.kind === "running") return;
    await mkdir(this.#run, { recursive: true });
    await this.#rotateLogs(spec.name);
    const child = this.#spawn(spec);
    const failure = failureOf(child);
    const identity = child.pid === undefined ? undefined : identify(child.pid);
    if (identity) await writeWhole(this.#pidFile(spec.name), JSON.stringify(identity));
    child.unref();
    const deadline = Date.now() + READY_TIMEOUT_MS;
    while (!(await this.#serves(spec))) {
      if (failure.reason !== undefined) {
        await rm(this.#pidFile(spec.name), { force: true });
        throw await this.#failed(spec, {
          zh: `未就绪就已退出（${failure.reason}）`,
          en: `ended before it was ready (${failure.reason})`,
        });
      }
      if (Date.now() > deadline)
        throw await this.#failed(spec, {
          zh: `${READY_TIMEOUT_MS / 1000} 秒后仍未就绪`,
          en: `is not ready after ${READY_TIMEOUT_MS / 1000} s`,
        });
      await delay(POLL_MS);
    }
    // One that died right after it said it was ready is not running.
    if (failure.reason !== undefined)
      throw await this.#failed(spec, {
        zh: `启动后随即退出（${failure.reason}）`,
        en: `ended at once (${failure.reason})`,
      });
  }

  /** Asks a process to end and waits until it has; kills it if it does not. One that does not run is left alone. */
  async stop(name: string): Promise<void> {
    const identity = await this.#identity(name);
    if (identity && isRunning(identity)) {
      process.kill(identity.pid, "SIGTERM");
      const deadline = Date.now() + STOP_TIMEOUT_MS;
      while (isRunning(identity)) {
        if (Date.now() > deadline) process.kill(identity.pid, "SIGKILL");
        await delay(POLL_MS);
      }
    }
    await rm(this.#pidFile(name), { force: true });
  }

  /** Kills a process as a power cut would. It counts as dead until it is started again. */
  async kill(name: string): Promise<void> {
    const identity = await this.#identity(name);
    if (!identity || !isRunning(identity)) return;
    process.kill(identity.pid, "SIGKILL");
    while (isRunning(identity)) await delay(POLL_MS);
  }

  async state(name: string): Promise<ProcessState> {
    const identity = await this.#identity(name);
    if (!identity) return { kind: "stopped" };
    return isRunning(identity) ? { kind: "running", pid: identity.pid } : { kind: "dead" };
  }

  /** Names of all processes that were started and not stopped since. */
  async names(): Promise<string[]> {
    try {
      const files = await readdir(this.#run);
      return files.filter((file) => file.endsWith(".pid")).map((file) => file.slice(0, -".pid".length));
    } catch (error) {
      if (isNoSuchFile(error)) return [];
      throw error;
    }
  }

  #spawn(spec: ProcessSpec): ChildProcess {
    const output = openSync(this.#outputFile(spec.name), "w");
    const log = openSync(this.logFile(spec.name), "w");
    try {
      return spawn(spec.command, spec.args, {
        cwd: spec.directory,
        env: { ...process.env, ...spec.environment },
        detached: true,
        // Only what announces itself by a line has its output read; others log to either stream.
        stdio: ["ignore", spec.ready === "line" ? output : log, log],
      });
    } finally {
      closeSync(output);
      closeSync(log);
    }
  }

  async #serves(spec: ProcessSpec): Promise<boolean> {
    if (spec.ready === "port") return (await Promise.all(spec.listens.map(answers))).every(Boolean);
    const [line, ...rest] = (await readFile(this.#outputFile(spec.name), "utf8")).split("\n");
    return rest.length > 0 && line !== undefined && saysReady(line);
  }

  async #failed(spec: ProcessSpec, what: Words): Promise<NetworkError> {
    const log = this.logFile(spec.name);
    const lines = (await readFile(log, "utf8")).trimEnd().split("\n").slice(-LOG_LINES_SHOWN);
    const end = `\n  ${lines.join("\n  ")}`;
    return new NetworkError(
      "PROCESS_FAILED",
      {
        zh: `${spec.title.zh} ${what.zh}；其日志 ${log} 的末尾为：${end}`,
        en: `The ${spec.title.en} ${what.en}; its log ${log} ends with:${end}`,
      },
      { details: { name: spec.name, log } },
    );
  }

  async #identity(name: string): Promise<ProcessIdentity | undefined> {
    try {
      return JSON.parse(await readFile(this.#pidFile(name), "utf8")) as ProcessIdentity;
    } catch (error) {
      if (isNoSuchFile(error)) return undefined;
      throw error;
    }
  }

  async #rotateLogs(name: string): Promise<void> {
    await mkdir(this.#logs, { recursive: true });
    const nth = (n: number) => (n === 0 ? this.logFile(name) : join(this.#logs, `${name}.${n}.log`));
    for (let n = LOGS_KEPT - 1; n >= 0; n--) {
      try {
        await rename(nth(n), nth(n + 1));
      } catch (error) {
        if (!isNoSuchFile(error)) throw error;
      }
    }
  }

  #pidFile(name: string): string {
    return join(this.#run, `${name}.pid`);
  }

  #outputFile(name: string): string {
    return join(this.#run, `${name}.out`);
  }
}

/** Why the child ended, once it has. */
function failureOf(child: ChildProcess): { reason?: string } {
  const failure: { reason?: string } = {};
  child.once("error", (error) => {
    failure.reason = error.message;
  });
  child.once("exit", (code, signal) => {
    failure.reason ??= signal ? `signal ${signal}` : `exit code ${code}`;
  });
  return failure;
}

function saysReady(line: string): boolean {
  try {
    const said: unknown = JSON.parse(line);
    return typeof said === "object" && said !== null && "ready" in said && said.ready === true;
  } catch {
    return false; // some other line; the process may still say it
  }
}
