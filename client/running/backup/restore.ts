import { existsSync } from "node:fs";
import { cp, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { NodeError } from "../../core/index.js";
import { readConfig } from "../machine/config.js";
import { RESTORED_FILE } from "../restored-log.js";
import { type Manifest, readBackup } from "./manifest.js";
import {
  CONFIG_FILE,
  DATABASE_FILE,
  EXCHANGE_FOLDER,
  exchangeFolder,
  keyFiles,
  OFFICERS_FOLDER,
} from "./node-files.js";

const OWN_ALONE = 0o700;

/**
 * Puts a node back from a backup, onto a machine that has nothing of it: configuration, keys, its own tables and its log.
 * The projection is made anew from the ledger. Before the log goes on, the node compares it with what was anchored and
 * with what other departments were shown (restored-log.ts).
 * @param file where the configuration goes; what it names goes where it says
 * @throws NodeError CONFIGURATION: the backup is not whole, or something is there already
 */
export async function restore(backup: string, file: string, environment: NodeJS.ProcessEnv): Promise<Manifest> {
  const manifest = await readBackup(backup);
  if (!existsSync(file)) await putInPlace(join(backup, CONFIG_FILE), file);
  const config = await readConfig(file, environment);
  if (config.department !== manifest.department || config.channel !== manifest.channel) {
    const whose = `${manifest.department} on ${manifest.channel}`;
    throw new NodeError(
      "CONFIGURATION",
      `the backup is of ${whose}, and ${file} of ${config.department} on ${config.channel}.`,
    );
  }
  if (existsSync(config.dataDir) && (await readdir(config.dataDir)).length > 0) {
    throw new NodeError(
      "CONFIGURATION",
      `${config.dataDir} is not empty: a backup is restored beside nothing; move it away first.`,
    );
  }
  for (const [name, path] of keyFiles(config)) if (!existsSync(path)) await putInPlace(join(backup, name), path);
  const officers = join(backup, OFFICERS_FOLDER);
  if (existsSync(officers) && !existsSync(config.officers)) await putInPlace(officers, config.officers);
  await restoreData(backup, config, manifest);
  return manifest;
}

/** In its place at once, and whole: a restoring that breaks off leaves a folder that no node takes for its own. */
async function restoreData(backup: string, config: { readonly dataDir: string }, manifest: Manifest): Promise<void> {
  const { dataDir } = config;
  const part = `${dataDir}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true, mode: OWN_ALONE });
  const tables = join(backup, DATABASE_FILE);
  if (existsSync(tables)) await copyTo(tables, join(part, DATABASE_FILE));
  const exchange = join(backup, EXCHANGE_FOLDER);
  if (existsSync(exchange)) {
    const to = exchangeFolder({ dataDir: part });
    await copyTo(exchange, to);
    // A running node's journal is not copied: what it holds beyond the checkpoint is younger than the copy.
    await mkdir(join(to, "log", "journal"), { recursive: true });
    const { taken, log } = manifest;
    await writeFile(join(to, RESTORED_FILE), `${JSON.stringify({ taken, size: log?.size ?? 0 })}\n`, { flush: true });
  }
  await rm(dataDir, { recursive: true, force: true });
  await rename(part, dataDir);
}

/** Whole or not at all: of what a restoring that broke off left, the next takes nothing for the whole. */
async function putInPlace(from: string, to: string): Promise<void> {
  const part = `${to}.part`;
  await rm(part, { recursive: true, force: true });
  await copyTo(from, part);
  await rename(part, to);
}

async function copyTo(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: OWN_ALONE });
  await cp(from, to, { recursive: true });
}
