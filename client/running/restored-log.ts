import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { openCheckpoint, type TreeHead } from "@wanlian/model/checkpoint.js";
import { LedgerError } from "@wanlian/model/errors.js";
import type { MspId } from "@wanlian/model/identifiers.js";
import { equalHashes } from "@wanlian/model/merkle.js";
import { formatVerifierKey, type VerifierKey } from "@wanlian/model/note.js";
import type { LogRead } from "@wanlian/model/reading.js";
import { LogError, NodeError } from "../core/index.js";
import { parseSeenLogs, SEEN_PATH } from "../ledger-tree/index.js";
import { localDisk, publishedIn, TreeReader } from "../log/index.js";
import type { DepartmentConnections } from "../transport/index.js";

/** In the exchange's folder while nobody has said yet that a log out of a backup is not behind. */
export const RESTORED_FILE = "restored";

/** What another node has seen: a checkpoint of each department. */
const MAX_SEEN_BYTES = 1024 * 1024;

export interface OwnLog {
  /** The exchange's folder. */
  readonly dir: string;
  readonly key: VerifierKey;
  /** As the ledger has it; undefined before it is opened there. */
  readonly onLedger: LogRead | undefined;
}

/**
 * Whether the log on disk may be gone on with: it holds all that was anchored, in that order. One that is older would
 * sign a second history with its next record.
 * @throws LogError LOG_BEHIND
 */
export async function expectAllAnchored({ dir, key, onLedger }: OwnLog): Promise<void> {
  // Of another key, it is another log: what it was before it was begun anew counts no more, and the ledger says so.
  if (onLedger === undefined || onLedger.key !== formatVerifierKey(key)) return;
  await expectHolds(
    dir,
    key,
    { size: onLedger.size, root: Buffer.from(onLedger.root, "hex") },
    "the ledger has anchored",
  );
}

/**
 * The same of a log that came out of a backup, with every checkpoint of it that another department was shown. At least
 * one department has to say, if there are others.
 * @throws LogError LOG_BEHIND; NodeError NOT_READY while nobody answers
 */
export async function expectAllShown(
  own: MspId,
  { dir, key }: Pick<OwnLog, "dir" | "key">,
  connections: Pick<DepartmentConnections, "get" | "departments">,
): Promise<void> {
  const marker = join(dir, RESTORED_FILE);
  if (!existsSync(marker)) return;
  const others = connections.departments.filter((department) => department !== own);
  let answered = 0;
  for (const department of others) {
    const told = await shownTo(department as MspId, connections);
    if (told === undefined) continue;
    answered += 1;
    const note = (told.seen as Readonly<Record<string, string>>)[own];
    const shown = note === undefined ? undefined : opened(note, key);
    if (shown !== undefined) await expectHolds(dir, key, shown, `${department} was shown`);
  }
  if (answered === 0 && others.length > 0) {
    throw new NodeError(
      "NOT_READY",
      "the log came out of a backup, and no other department answers that could say whether it is behind",
    );
  }
  await rm(marker);
}

async function shownTo(department: MspId, connections: Pick<DepartmentConnections, "get">) {
  try {
    return parseSeenLogs(await connections.get(department, `/log/v1/${SEEN_PATH}`, MAX_SEEN_BYTES));
  } catch (error) {
    if (error instanceof NodeError || error instanceof LedgerError) return undefined;
    throw error;
  }
}

async function expectHolds(dir: string, key: VerifierKey, due: TreeHead, who: string): Promise<void> {
  const folder = join(dir, "log");
  const head = await publishedIn(folder, key);
  const size = head?.size ?? 0;
  if (due.size > size) throw behind(`it has ${size} records, and ${who} ${due.size}`);
  if (head === undefined || due.size === 0) return;
  const disk = localDisk(folder);
  const root = await new TreeReader((path) => disk.read(path), head).rootOf(due.size);
  if (!equalHashes(root, due.root)) throw behind(`its first ${due.size} records are not those that ${who}`);
}

function behind(what: string): LogError {
  return new LogError(
    "LOG_BEHIND",
    `the log is older than what was made known of it: ${what}; restore a newer backup, or begin another log (wanlian begin-log).`,
  );
}

function opened(note: string, key: VerifierKey): TreeHead | undefined {
  try {
    return openCheckpoint(note, key);
  } catch (error) {
    if (error instanceof LedgerError) return undefined;
    throw error;
  }
}
