import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Digest } from "@wanlian/model/identifiers.js";
import { closed, count, text } from "@wanlian/model/kernel/schema.js";
import { HASH_BYTES } from "@wanlian/model/merkle.js";
import { FieldDigest } from "@wanlian/model/model-1/release/release-schema.js";
import { isSystemError } from "@wanlian/protocol/errors.js";
import { type Static, Type } from "typebox";
import { Check } from "typebox/schema";
import { ExchangeError } from "../../core/index.js";

/** 256 bits, as AES takes them. */
export const KEY_BYTES = 32;

/** What a release registers, as it was made from its data. */
export const MadeRelease = closed({
  schema: Type.Literal(1),
  rows: count(),
  fields: Type.Array(FieldDigest, { minItems: 1 }),
  /** Over the field digests. */
  root: Digest,
  rowRoot: Digest,
  /** The state of the source that it was made from: another one may hold other data. */
  stamp: text(1000),
});
export type MadeRelease = Static<typeof MadeRelease>;

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
  const made = await readIfThere(release);
  if (made === undefined) return undefined;
  const value: unknown = parse(made);
  if (!Check(MadeRelease, value)) throw new ExchangeError("SOURCE_MALFORMED", `${release} is not a release's`);
  return value as MadeRelease;
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

function parse(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
