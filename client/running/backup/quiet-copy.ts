import { copyFile, type FileHandle, open, stat } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "@wanlian/protocol/errors.js";
import { NodeError } from "../../core/index.js";

/** A file system's clock goes on in steps of some milliseconds: what is written now may bear the time of just before. */
const SETTLED_MS = 50;
const LOOK_MS = 20;
/** How long a moment is waited for in which nothing is written. */
const PATIENCE_MS = 60_000;
/** What a journal begins with while its transaction is under way; once it is through, zeros stand there. */
const UNDER_WAY_BYTES = 8;

export interface QuietCopy {
  /** Default a minute. */
  readonly patienceMs?: number;
}

/**
 * Copies an SQLite file that another process writes, between two of its transactions: SQLite writes its journal before
 * and after the file itself, so where neither was touched from before the copy to after it, the copy is one state.
 * @throws NodeError STORE_FAILED where it is written all the time
 */
export async function copyBetweenTransactions(
  from: string,
  to: string,
  { patienceMs = PATIENCE_MS }: QuietCopy = {},
): Promise<void> {
  const end = performance.now() + patienceMs;
  while (performance.now() < end) {
    const before = await quietState(from);
    if (before !== undefined) {
      await copyFile(from, to);
      if ((await quietState(from)) === before) return;
    }
    await delay(LOOK_MS);
  }
  throw new NodeError(
    "STORE_FAILED",
    `${from} was written all the time; try again when less is done, or stop the node.`,
  );
}

/** What both files were touched by last; undefined while a transaction is under way, or was a moment ago. */
async function quietState(file: string): Promise<string | undefined> {
  const journal = `${file}-journal`;
  const states = [await stateOf(file), await stateOf(journal)];
  const youngest = Math.max(...states.map((state) => state?.changed ?? 0));
  if (Date.now() - youngest < SETTLED_MS || (await isUnderWay(journal))) return undefined;
  return JSON.stringify(states.map((state) => state?.mark));
}

async function stateOf(file: string): Promise<{ readonly changed: number; readonly mark: string } | undefined> {
  try {
    const { mtimeNs, mtimeMs, size, ino } = await stat(file, { bigint: true });
    return { changed: Number(mtimeMs), mark: `${ino} ${size} ${mtimeNs}` };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new NodeError("STORE_FAILED", `${file} cannot be read: ${messageOf(error)}.`, { cause: error });
  }
}

async function isUnderWay(journal: string): Promise<boolean> {
  const file = await open(journal, "r").catch(() => undefined);
  if (file === undefined) return false;
  return await headOf(file).finally(() => file.close());
}

async function headOf(file: FileHandle): Promise<boolean> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(UNDER_WAY_BYTES), 0, UNDER_WAY_BYTES, 0);
  return buffer.subarray(0, bytesRead).some((byte) => byte !== 0);
}
