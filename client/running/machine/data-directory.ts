import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type LockAttempt, takeProcessLock } from "@wanlian/protocol/process-lock.js";
import { NodeError } from "../../core/index.js";

const LOCK_FILE = "node.lock";

export interface ClaimedDirectory {
  readonly path: string;
  release(): void;
}

/**
 * Makes the data directory this process's own. Its database allows one process at a time, and two nodes of one
 * department would file everything twice. A claim whose process is gone (kill -9, power) is taken over.
 * @throws NodeError CONFIGURATION while another node has it; STORE_FAILED
 */
export function claimDataDirectory(path: string): ClaimedDirectory {
  const attempt = lockIn(path);
  if (attempt.kind === "taken") return { path, release: attempt.release };
  throw new NodeError(
    "CONFIGURATION",
    `another node (process ${attempt.pid}) is using ${path}; stop it first or configure another dataDir.`,
  );
}

function lockIn(path: string): LockAttempt {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return takeProcessLock(join(path, LOCK_FILE));
  } catch (cause) {
    throw new NodeError("STORE_FAILED", `the data directory ${path} cannot be written: ${String(cause)}`, { cause });
  }
}
