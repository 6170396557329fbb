import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** A running process, told apart from a later one that got the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it began, in the system's own notation; empty where the system does not say. */
  readonly begun: string;
}

/** Of /proc/PID/stat after the command's closing parenthesis: field 22 of all, ticks since boot (proc(5)). */
const START_TIME_FIELD = 19;
const STATE_FIELD = 0;

/** The identity of a process that runs now; undefined if there is none of that number, or it only waits to be buried. */
export function identify(pid: number): ProcessIdentity | undefined {
  if (process.platform !== "linux") return identifyByPs(pid);
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[STATE_FIELD] === "Z" ? undefined : { pid, begun: fields[START_TIME_FIELD] ?? "" };
  } catch {
    return undefined; // no such process
  }
}

/** Whether the very process still runs. */
export function isRunning(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.begun === identity.begun;
}

function identifyByPs(pid: number): ProcessIdentity | undefined {
  try {
    const begun = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
    return begun === "" ? undefined : { pid, begun };
  } catch {
    return undefined; // ps ends with an error where there is no such process
  }
}
