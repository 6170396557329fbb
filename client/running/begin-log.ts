import { existsSync } from "node:fs";
import { copyFile, mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { EMPTY_TREE, signCheckpoint } from "@wanlian/model/checkpoint.js";
import type { MspId } from "@wanlian/model/identifiers.js";
import { RELEASED } from "@wanlian/model/models.js";
import { formatVerifierKey, type NoteSigner, parseVerifierKey } from "@wanlian/model/note.js";
import { AccessIndex } from "../access/index.js";
import { NodeError } from "../core/index.js";
import { type Db, logOnLedger } from "../read/index.js";
import { firstLogName, logSignerIn, makeLogSigner } from "./machine/log-identity.js";

export interface LostLog {
  readonly department: MspId;
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
 * is anchored before the act counts. Asked again before that, or after it was broken off, it goes on with the log it began.
 * @throws NodeError CONFIGURATION where the ledger has no log of the department's
 */
export async function beginLog({ department, channel, dir, db }: LostLog): Promise<BegunLog> {
  const onLedger = await logOnLedger(db, department, RELEASED);
  if (onLedger === undefined)
    throw new NodeError(
      "CONFIGURATION",
      `the ledger has no log of ${department}'s: the node begins its first by itself`,
    );
  const first = firstLogName(channel, department);
  const next = nextName(parseVerifierKey(onLedger.key).name, first);
  const there = await signerOf(next, dir, first);
  if (there !== undefined) return { body: bodyOf(there), former: undefined };
  const begun = `${dir}.begun`;
  const goesOn = existsSync(dir) ? undefined : await signerOf(next, begun, first);
  const signer = goesOn ?? (await makeBeside(dir, begun, () => makeLogSigner(begun, next, first)));
  const former = existsSync(dir) ? freeName(`${dir}.${next.slice(first.length + 1)}`) : undefined;
  if (former !== undefined) await rename(dir, former);
  await rename(begun, dir);
  await AccessIndex.forget(db);
  return { body: bodyOf(signer), former };
}

const SOURCES = "sources.json";

const bodyOf = (signer: NoteSigner) => ({
  key: formatVerifierKey(signer.key),
  checkpoint: signCheckpoint(EMPTY_TREE, signer),
});

/** Who signs as that log in a folder; undefined where nobody does, a key that is none among it. */
async function signerOf(name: string, dir: string, first: string): Promise<NoteSigner | undefined> {
  try {
    const signer = await logSignerIn(dir, first);
    return signer?.key.name === name ? signer : undefined;
  } catch (error) {
    if (error instanceof NodeError) return undefined;
    throw error;
  }
}

/** The new folder, whole but for its place; its key is the last that it gets. */
async function makeBeside(dir: string, begun: string, makeSigner: () => Promise<NoteSigner>): Promise<NoteSigner> {
  await rm(begun, { recursive: true, force: true });
  await mkdir(begun, { recursive: true, mode: 0o700 });
  const sources = join(dir, SOURCES);
  if (existsSync(sources)) await copyFile(sources, join(begun, SOURCES));
  return await makeSigner();
}

/** What is put aside replaces nothing that was put aside before. */
function freeName(prefix: string): string {
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? `${prefix}.former` : `${prefix}-${count}.former`;
    if (!existsSync(name)) return name;
  }
}

/** Logs after the first are numbered, from 2. */
function nextName(name: string, first: string): string {
  const ordinal = name === first ? 1 : Number(name.slice(first.length + 1));
  return `${first}/${ordinal + 1}`;
}
