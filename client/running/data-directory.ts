import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { NodeError } from "../core/index.js";

const CLAIM_FILE = "node.pid";

export interface ClaimedDirectory {
  readonly path: string;
  release(): void;
}

/**
 * Makes the data directory this process's own. Its database allows one process at a time, and two nodes of one
 * department would file everything twice. A claim whose process is gone (kill -9, power) is taken over.
 */
export function claimDataDirectory(path: string): ClaimedDirectory {
  const file = join(path, CLAIM_FILE);
  try {
    mkdirSync(path, { recursive: true });
    if (!writeClaim(file)) {
      const holder = readClaim(file);
      if (holder !== undefined && isRunning(holder)) {
        throw new NodeError(
          "CONFIGURATION",
          `another node (process ${holder.pid}) is using ${path}; stop it first or configure another dataDir.`,
        );
      }
      rmSync(file, { force: true });
      if (!writeClaim(file)) {
        throw new NodeError("CONFIGURATION", `another node is starting on ${path}; only one can use it.`);
      }
    }
  } catch (cause) {
    if (cause instanceof NodeError) throw cause;
    throw new NodeError("STORE_FAILED", `the data directory ${path} cannot be written: ${String(cause)}`, { cause });
  }
  return { path, release: () => rmSync(file, { force: true }) };
}

interface Claim {
  readonly pid: number;
  /** Start of the process as the system counts it, where it tells: a pid alone may have been given away again. */
  readonly started: string;
}

function writeClaim(file: string): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(file, "wx");
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
  try {
    writeSync(descriptor, JSON.stringify({ pid: process.pid, started: startOf(process.pid) } satisfies Claim));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return true;
}

/** Undefined for a claim that is not whole: its writer died in between. */
function readClaim(file: string): Claim | undefined {
  try {
    const claim: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (typeof claim !== "object" || claim === null || !("pid" in claim) || !("started" in claim)) return undefined;
    const { pid, started } = claim;
    return typeof pid === "number" && typeof started === "string" ? { pid, started } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

function isRunning({ pid, started }: Claim): boolean {
  if (pid === process.pid) return started === startOf(pid);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (hasCode(error, "ESRCH")) return false;
    if (!hasCode(error, "EPERM")) throw error;
  }
  return started === startOf(pid);
}

/** Start time in ticks since boot (Linux: field 22 of /proc/PID/stat); empty where the system has no such file. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch (error) {
    if (hasCode(error, "ENOENT") || hasCode(error, "ESRCH")) return "";
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
