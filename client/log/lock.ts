import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { LogError } from "../core/index.js";

/**
 * One appending process a log. The lock file names its holder, by process id and start time, so that a lock left behind
 * by a killed process is known to be nobody's.
 */
export interface Lock {
  release(): Promise<void>;
}

const LOCK_FILE = "lock";

/** @throws LogError LOG_IN_USE */
export async function lockLog(dir: string): Promise<Lock> {
  await mkdir(dir, { recursive: true });
  const path = join(dir, LOCK_FILE);
  const own = await nameOf(process.pid);
  for (;;) {
    try {
      const file = await open(path, "wx");
      await file.writeFile(own ?? String(process.pid));
      await file.close();
      return { release: () => rm(path, { force: true }) };
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
    await breakIfStale(path);
  }
}

async function breakIfStale(path: string): Promise<void> {
  const holder = await readFile(path, "utf8").catch(() => "");
  const pid = Number.parseInt(holder, 10);
  if (Number.isInteger(pid) && (await nameOf(pid)) === holder) {
    throw new LogError("LOG_IN_USE", `process ${pid} appends to this log; a log has one writer`);
  }
  // Moved away under a name of one's own first: of two that find it stale, one succeeds in moving it.
  const stale = `${path}.stale.${process.pid}`;
  await rename(path, stale).catch(unlessGone);
  await rm(stale, { force: true });
}

/** Somebody else moved it first. Any other failure would come again at every attempt. */
function unlessGone(error: unknown): void {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return;
  throw error;
}

/** `pid start`, or undefined if there is no such process. Start time from Linux's /proc; elsewhere the pid must do. */
async function nameOf(pid: number): Promise<string | undefined> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return undefined;
  }
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  if (stat === undefined) return String(pid);
  // Field 22; the command name before it is in parentheses and may hold spaces.
  const start = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  return `${pid} ${start}`;
}
