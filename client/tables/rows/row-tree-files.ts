import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { HASH_BYTES } from "@wanlian/model/merkle.js";
import { isSystemError } from "@wanlian/protocol/errors.js";
import { ExchangeError } from "../../core/index.js";
import { type MadeRelease, readMadeRelease } from "../../sheets/index.js";

/** 256 bits, as AES takes them. */
export const KEY_BYTES = 32;

/** Files of a release's tree, in a folder of their own. */
export const filesIn = (folder: string) => ({
  /** Hex; whoever has it and the data can make the tree again, and whoever has it and a salted cell can guess it. */
  key: join(folder, "key"),
  /** While it is made: the state of the source. */
  source: join(folder, "source"),
  /** While it is made. */
  runs: join(folder, "leaves"),
  /** Every complete subtree's hash, the leaves first, then level by level. */
  nodes: join(folder, "nodes"),
  /** Written last: the tree is whole. */
  release: join(folder, "release.json"),
});

/** Where a level begins in the file of nodes, and how many nodes it has. */
export interface Level {
  readonly start: number;
  readonly nodes: number;
}

export function levelsOf(rows: number): Level[] {
  const levels: Level[] = [];
  let start = 0;
  for (let nodes = rows; nodes > 0; nodes = Math.floor(nodes / 2)) {
    levels.push({ start, nodes });
    start += nodes * HASH_BYTES;
  }
  return levels;
}

/** Undefined where no tree was finished in the folder. @throws ExchangeError SOURCE_MALFORMED */
export async function readRelease(folder: string): Promise<MadeRelease | undefined> {
  const { release } = filesIn(folder);
  const content = await readIfThere(release);
  if (content === undefined) return undefined;
  const made = readMadeRelease(content);
  if (made === undefined) throw new ExchangeError("SOURCE_MALFORMED", `${release} is not a release's`);
  return made;
}

/** On disk, whole, once it returns. */
export async function writeWhole(path: string, content: string): Promise<void> {
  await writeFile(`${path}.new`, content, { mode: 0o600, flush: true });
  await rename(`${path}.new`, path);
}

/** @throws ExchangeError SOURCE_MISSING, SOURCE_MALFORMED */
export async function readKey(folder: string): Promise<Buffer> {
  return await readKeyFile(filesIn(folder).key);
}

/** @throws ExchangeError SOURCE_MISSING, SOURCE_MALFORMED */
export async function readKeyFile(key: string): Promise<Buffer> {
  const content = await readIfThere(key);
  if (content === undefined) throw new ExchangeError("SOURCE_MISSING", `the release's key ${key} is not there`);
  const bytes = Buffer.from(content.trim(), "hex");
  if (bytes.length !== KEY_BYTES) throw new ExchangeError("SOURCE_MALFORMED", `${key} is not a release's key`);
  return bytes;
}

export async function readIfThere(path: string): Promise<string | undefined> {
  return await readFile(path, "utf8").catch((error: unknown) => {
    if (isSystemError(error) && error.code === "ENOENT") return undefined;
    throw error;
  });
}
