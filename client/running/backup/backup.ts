import { existsSync } from "node:fs";
import { copyFile, cp, mkdir, open, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Checkpoint } from "@wanlian/model/checkpoint.js";
import type { Digest, MspId } from "@wanlian/model/identifiers.js";
import type { NoteSigner, VerifierKey } from "@wanlian/model/note.js";
import { SLOT_BYTES } from "../../access/index.js";
import { NodeError } from "../../core/index.js";
import { copyLog, publishedIn } from "../../log/index.js";
import { brokenPiece, damageOf } from "../../projection/index.js";
import type { NodeConfig } from "../machine/config.js";
import { claimDataDirectory } from "../machine/data-directory.js";
import { firstLogName, logSignerIn } from "../machine/log-identity.js";
import { digestFiles, MANIFEST_FILE, type Manifest } from "./manifest.js";
import {
  BESIDE_RECORDS,
  CERTIFICATES_FOLDER,
  CONFIG_FILE,
  DATABASE_FILE,
  EXCHANGE_FOLDER,
  exchangeFolder,
  keyFiles,
  OFFICERS_FOLDER,
  SINGLE_FILES,
} from "./node-files.js";
import { copyBetweenTransactions, type QuietCopy } from "./quiet-copy.js";

const OWN_ALONE = 0o700;
/** With what a link stands for: on another machine it would stand for nothing. */
const WHOLE = { recursive: true, dereference: true } as const;
/** Bytes of a position in a file beside the log. */
const WIDTHS = { keys: SLOT_BYTES, deliveries: 1 } as const;

/**
 * Backs a node up, while it runs or not, into a folder that must not be there yet: its configuration and keys, its
 * officers' sealed keys, its own tables, and its log as the last checkpoint has it, with what is kept beside it. What
 * is derived from the ledger is left out. Of PostgreSQL the database's own tools take the tables.
 * @throws NodeError with one plain sentence; LogError LOG_DAMAGED
 */
export async function backUp(file: string, config: NodeConfig, to: string, quiet?: QuietCopy): Promise<Manifest> {
  if (existsSync(to)) throw new NodeError("CONFIGURATION", `${to} is there already; name a folder that is not.`);
  const part = `${to}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true, mode: OWN_ALONE });
  await copyInto(part, CONFIG_FILE, file);
  for (const [name, path] of keyFiles(config)) await copyInto(part, name, path);
  if (existsSync(config.officers)) await cp(config.officers, join(part, OFFICERS_FOLDER), WHOLE);
  const log = await backUpData(config, part, quiet);
  const manifest: Manifest = {
    ...{ schema: 1, department: config.department as MspId, channel: config.channel },
    taken: new Date().toISOString(),
    ...(log === undefined ? {} : { log }),
    files: await digestFiles(part),
  };
  await writeFile(join(part, MANIFEST_FILE), `${JSON.stringify(manifest, undefined, 1)}\n`, { flush: true });
  await rename(part, to);
  return manifest;
}

/** Of a node that is stopped everything is taken as it is; of one that runs, what is consistent while it is written. */
async function backUpData(config: NodeConfig, to: string, quiet?: QuietCopy): Promise<Manifest["log"] | undefined> {
  const claimed = claimUnlessRunning(config.dataDir);
  try {
    // Tables before the log: the index of accesses may be behind it, and never ahead.
    if (config.databaseUrl === undefined)
      await backUpTables(config, to, claimed === undefined ? "running" : "stopped", quiet);
    if (config.exchange === undefined) return undefined;
    const signer = await logSignerIn(exchangeFolder(config), firstLogName(config.channel, config.department));
    if (signer === undefined) return undefined;
    const copied = claimed === undefined ? copyWritten(config, to, signer.key) : copyStopped(config, to, signer.key);
    return logIn(signer, await copied);
  } finally {
    claimed?.release();
  }
}

async function backUpTables(
  { dataDir }: NodeConfig,
  to: string,
  node: "running" | "stopped",
  quiet?: QuietCopy,
): Promise<void> {
  const [from, copy] = [join(dataDir, DATABASE_FILE), join(to, DATABASE_FILE)];
  if (!existsSync(from)) return;
  const broken = node === "stopped" ? brokenPiece(from) : undefined;
  if (broken !== undefined) {
    const what = `bytes ${broken.from} to ${broken.to} are not what was written`;
    throw new NodeError("STORE_FAILED", `${from} is damaged, and is not backed up: ${what}.`);
  }
  if (node === "running") await copyBetweenTransactions(from, copy, quiet);
  else {
    await copyFile(from, copy);
    // What a kill left half done is undone by it when the copy is looked at.
    if (existsSync(`${from}-journal`)) await copyFile(`${from}-journal`, `${copy}-journal`);
  }
  const damage = damageOf(copy);
  if (damage !== undefined) throw new NodeError("STORE_FAILED", `${from} is damaged, and is not backed up: ${damage}.`);
  await rm(`${copy}-journal`, { force: true });
}

/** Undefined where a node is running on it. */
function claimUnlessRunning(dataDir: string): ReturnType<typeof claimDataDirectory> | undefined {
  try {
    return claimDataDirectory(dataDir);
  } catch (error) {
    if (error instanceof NodeError && error.code === "CONFIGURATION") return undefined;
    throw error;
  }
}

/** With the journal: a kill may have left records there that no checkpoint has. */
async function copyStopped(config: NodeConfig, to: string, key: VerifierKey): Promise<Checkpoint | undefined> {
  const copy = join(to, EXCHANGE_FOLDER);
  const isKept = (path: string) => !path.endsWith(".new") && basename(path) !== "lock";
  await cp(exchangeFolder(config), copy, { ...WHOLE, filter: isKept });
  return await publishedIn(join(copy, "log"), key);
}

async function copyWritten(config: NodeConfig, to: string, key: VerifierKey): Promise<Checkpoint | undefined> {
  const [from, copy] = [exchangeFolder(config), join(to, EXCHANGE_FOLDER)];
  await mkdir(copy, { recursive: true, mode: OWN_ALONE });
  const head = await copyLog(join(from, "log"), join(copy, "log"), key);
  // Beside a record of the copy there is what stood there when it was made, or more: keys come before records.
  const records = head?.size ?? 0;
  for (const name of BESIDE_RECORDS) await copyBeginning(join(from, name), join(copy, name), records * WIDTHS[name]);
  for (const name of SINGLE_FILES) if (existsSync(join(from, name))) await copyInto(copy, name, join(from, name));
  const certificates = join(from, CERTIFICATES_FOLDER);
  for (const name of existsSync(certificates) ? await readdir(certificates) : []) {
    if (!name.endsWith(".new")) await copyInto(copy, join(CERTIFICATES_FOLDER, name), join(certificates, name));
  }
  return head;
}

const logIn = (signer: NoteSigner, head: Checkpoint | undefined): Manifest["log"] | undefined =>
  head && { name: signer.key.name, size: head.size, root: Buffer.from(head.root).toString("hex") as Digest };

async function copyInto(dir: string, name: string, from: string): Promise<void> {
  const to = join(dir, name);
  await mkdir(dirname(to), { recursive: true, mode: OWN_ALONE });
  await copyFile(from, to);
}

/** The first bytes of a file; fewer where it has no more. */
async function copyBeginning(from: string, to: string, bytes: number): Promise<void> {
  if (!existsSync(from)) return;
  const [source, target] = [await open(from, "r"), await open(to, "w", 0o600)];
  try {
    const chunk = Buffer.alloc(1024 * 1024);
    for (let at = 0; at < bytes; ) {
      const { bytesRead } = await source.read(chunk, 0, Math.min(chunk.length, bytes - at), at);
      if (bytesRead === 0) return;
      await target.write(chunk, 0, bytesRead, at);
      at += bytesRead;
    }
  } finally {
    await source.close();
    await target.close();
  }
}
