import { existsSync } from "node:fs";
import { copyFile, mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { EMPTY_TREE, signCheckpoint } from "@wanlian/model/checkpoint.js";
import type { CaseState } from "@wanlian/model/kernel/act.js";
import { RELEASED } from "@wanlian/model/models.js";
import { formatVerifierKey, parseVerifierKey } from "@wanlian/model/note.js";
import { AccessIndex } from "../access/index.js";
import { NodeError } from "../core/index.js";
import type { Db } from "../read/index.js";
import { firstLogName, makeLogSigner } from "./log-identity.js";

export interface LostLog {
  readonly department: string;
  readonly channel: string;
  /** Folder of log, keys and certificates. */
  readonly dir: string;
  readonly db: Db;
}

/** What the administrator files as `log begin-anew`, with reasons; and where the former folder went. */
export interface BegunLog {
  readonly body: { readonly key: string; readonly checkpoint: string };
  readonly former: string | undefined;
}

/**
 * Puts a log that cannot go on aside, with all that is kept beside it, and begins another in its place, with a name and a
 * key of its own (docs/decisions/182-a-log-that-cannot-go-on.md). The list of sources stays. The node is stopped; nothing
 * is anchored before the act counts.
 * @throws NodeError CONFIGURATION where the ledger has no log of the department's, or the last one begun so is not on it yet
 */
export async function beginLog({ department, channel, dir, db }: LostLog): Promise<BegunLog> {
  const first = firstLogName(channel, department);
  const name = nextName(await nameOnLedger(db, department), first);
  const former = `${dir}.${name.slice(first.length + 1)}.former`;
  if (existsSync(former))
    throw new NodeError("CONFIGURATION", `${former} is there: ${name} was begun before; file log begin-anew for it`);
  const isThere = existsSync(dir);
  if (isThere) await rename(dir, former);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const sources = join(former, SOURCES);
  if (existsSync(sources)) await copyFile(sources, join(dir, SOURCES));
  const signer = await makeLogSigner(dir, name, first);
  await new AccessIndex(db, { reader: () => undefined as never, tell: () => undefined }).forget();
  return {
    body: { key: formatVerifierKey(signer.key), checkpoint: signCheckpoint(EMPTY_TREE, signer) },
    former: isThere ? former : undefined,
  };
}

const SOURCES = "sources.json";

async function nameOnLedger(db: Db, department: string): Promise<string> {
  const row = await db
    .selectFrom("acts")
    .select(["model", "state"])
    .where("noun", "=", "log")
    .where("case_id", "=", department)
    .where("counted", "=", 1)
    .orderBy("number", "desc")
    .executeTakeFirst();
  if (row === undefined)
    throw new NodeError(
      "CONFIGURATION",
      `the ledger has no log of ${department}'s: the node begins its first by itself`,
    );
  const { key } = RELEASED.of(row.model).reading.log(JSON.parse(row.state) as CaseState);
  return parseVerifierKey(key).name;
}

/** Logs after the first are numbered, from 2. */
function nextName(name: string, first: string): string {
  const ordinal = name === first ? 1 : Number(name.slice(first.length + 1));
  return `${first}/${ordinal + 1}`;
}
