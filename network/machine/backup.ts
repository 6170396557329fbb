import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, isAbsolute, join, relative } from "node:path";
import { messageOf } from "@wanlian/protocol/errors.js";
import type { Words } from "@wanlian/protocol/language.js";
import { OWNER_ONLY } from "../certificates/credential-files.js";
import { organisationFolder } from "../channel/material.js";
import { NetworkError } from "../error.js";
import type { Topology } from "../topology/topology.js";
import { layout } from "./layout.js";

/** Written last: a backup without it was never ended. */
const LIST = "machine.json";
/** The node's own backup, made by the node's program. */
export const NODE_FOLDER = "node";
const FILES = "files";
const OWN_ALONE = 0o700;

/** What a backup of a machine says of itself. */
export interface MachineBackup {
  readonly schema: 1;
  readonly mspId: string;
  /** The folder of the topology file where it was made. */
  readonly base: string;
  readonly taken: string;
  /** SHA-256 by path, of all but the node's own backup, which has a list of its own. */
  readonly files: Readonly<Record<string, string>>;
}

/** What is backed up: an organisation's machine. */
export interface MachineFolder {
  readonly base: string;
  readonly topologyFile: string;
  readonly topology: Topology;
  readonly mspId: string;
}

/**
 * Backs up what of an organisation's machine cannot be made again: topology, genesis folder, its certificates, keys and
 * authority, what it has of the others, and its node. Ledgers are left out: peers and orderers fetch them from the others.
 * @param nodeTo backs the node up, whose configuration is given, into a folder
 */
export async function backUpMachine(
  machine: MachineFolder,
  to: string,
  nodeTo: (configuration: string, folder: string) => Promise<void>,
): Promise<MachineBackup> {
  const { base, topologyFile, topology, mspId } = machine;
  if (existsSync(to))
    throw unusable({
      zh: `${to} 已存在，请另取一个文件夹名。`,
      en: `${to} is there already; name a folder that is not.`,
    });
  const part = `${to}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(join(part, FILES), { recursive: true, mode: OWN_ALONE });
  await copyFile(topologyFile, join(part, FILES, relative(base, topologyFile)));
  for (const path of keptPaths(base, topology, mspId))
    if (existsSync(join(base, path)))
      await cp(join(base, path), join(part, FILES, path), { recursive: true, dereference: true });
  const configuration = join(layout.node(base, mspId), "node.json");
  if (existsSync(configuration)) await nodeTo(configuration, join(part, NODE_FOLDER));
  const files = await digests(join(part, FILES));
  const list: MachineBackup = { schema: 1, mspId, base, taken: new Date().toISOString(), files };
  await writeFile(join(part, LIST), `${JSON.stringify(list, undefined, 1)}\n`, { flush: true });
  await rename(part, to);
  return list;
}

/**
 * Puts a machine back from a backup, into a folder that has nothing of the organisation. Its services are configured and
 * started afterwards.
 * @param nodeFrom puts the node back from a folder, whose configuration is given
 * @throws NetworkError UNUSABLE_DIRECTORY, DAMAGED naming the first file that is not what was backed up
 */
export async function restoreMachine(
  from: string,
  base: string,
  nodeFrom: (folder: string, configuration: string) => Promise<void>,
): Promise<MachineBackup> {
  const list = await readList(from);
  const there = await digests(join(from, FILES));
  for (const path of new Set([...Object.keys(list.files), ...Object.keys(there)]))
    if (list.files[path] !== there[path]) throw damaged(join(from, FILES, path));
  const certificates = join(base, "organizations", list.mspId);
  const [first] = [certificates, layout.node(base, list.mspId)].filter((path) => existsSync(path));
  if (first !== undefined)
    throw unusable({
      zh: `${first} 已存在：备份只能恢复到没有该机构内容的目录；请先移走。`,
      en: `${first} is there already: a backup goes where nothing of the organisation is; move it away first.`,
    });
  for (const path of Object.keys(there)) {
    const file = join(base, path);
    await mkdir(dirname(file), { recursive: true });
    if (!existsSync(file)) await cp(join(from, FILES, path), file);
  }
  const node = join(from, NODE_FOLDER);
  if (existsSync(node)) {
    const configuration = join(layout.node(base, list.mspId), "node.json");
    await mkdir(dirname(configuration), { recursive: true });
    const written: unknown = JSON.parse(await readFile(join(node, "node.json"), "utf8"));
    const content = `${JSON.stringify(moved(written, list.base, base), undefined, 2)}\n`;
    await writeFile(configuration, content, { mode: OWNER_ONLY });
    await nodeFrom(node, configuration);
  }
  return list;
}

/** Its own certificates whole, of the others what everybody may have. */
function keptPaths(base: string, topology: Topology, mspId: string): string[] {
  const all = [...topology.departments, ...topology.orderers.organisations];
  const folders = all.map((organisation) => {
    const folder = relative(base, organisationFolder(base, organisation));
    return organisation.mspId === mspId ? folder : join(folder, "msp");
  });
  return ["genesis", ...folders.filter((folder) => !folder.startsWith("..") && !isAbsolute(folder))];
}

/** Paths of the old folder are those of the new. */
function moved(value: unknown, from: string, to: string): unknown {
  if (typeof value === "string")
    return value === from || value.startsWith(`${from}/`) ? to + value.slice(from.length) : value;
  if (Array.isArray(value)) return value.map((one) => moved(one, from, to));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, moved(one, from, to)]));
}

async function digests(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile()) throw damaged(path);
    found[relative(folder, path)] = createHash("sha256")
      .update(await readFile(path))
      .digest("hex");
  }
  return found;
}

async function readList(from: string): Promise<MachineBackup> {
  const path = join(from, LIST);
  try {
    const list: Partial<MachineBackup> = JSON.parse(await readFile(path, "utf8"));
    if (
      list.schema === 1 &&
      typeof list.mspId === "string" &&
      typeof list.base === "string" &&
      list.files !== undefined
    )
      return list as MachineBackup;
  } catch (cause) {
    const reason = messageOf(cause);
    const text = {
      zh: `无法读取 ${path}：${reason}；这不是备份，或备份没有做完。`,
      en: `${path} cannot be read: ${reason}; it is no backup, or one that broke off.`,
    };
    throw new NetworkError("MISSING_FILE", text, { details: { path }, cause });
  }
  throw damaged(path);
}

function damaged(path: string): NetworkError {
  const text = {
    zh: `备份已损坏：${path} 与备份时不同；请用另一份备份。`,
    en: `The backup is damaged: ${path} is not what was backed up; take another.`,
  };
  return new NetworkError("DAMAGED", text, { details: { path } });
}

function unusable(text: Words): NetworkError {
  return new NetworkError("UNUSABLE_DIRECTORY", text);
}
