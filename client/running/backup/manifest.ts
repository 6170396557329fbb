import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Digest, MspId } from "@wanlian/model/identifiers.js";
import { closed, count } from "@wanlian/model/kernel/schema.js";
import { messageOf } from "@wanlian/protocol/errors.js";
import { type Static, Type } from "typebox";
import { Check } from "typebox/schema";
import { NodeError } from "../../core/index.js";

/** Written last: a backup without it was never ended. */
export const MANIFEST_FILE = "backup.json";

/** What a backup holds, and of when. */
export const Manifest = closed({
  schema: Type.Literal(1),
  department: MspId,
  channel: Type.String(),
  /** This machine's time. */
  taken: Type.String(),
  /** The log as its last checkpoint had it; absent where the node has none. */
  log: Type.Optional(closed({ name: Type.String(), size: count(), root: Digest })),
  /** SHA-256 of every file, by its path in the backup. */
  files: Type.Record(Type.String(), Digest, { additionalProperties: false }),
});
export type Manifest = Static<typeof Manifest>;

/**
 * SHA-256 of every file below a folder, but for the manifest.
 * @throws NodeError CONFIGURATION, naming a link, or what else is neither file nor folder: its content would not be told
 */
export async function digestFiles(dir: string): Promise<Record<string, Digest>> {
  const files: Record<string, Digest> = {};
  const entries = (await readdir(dir, { recursive: true, withFileTypes: true })).filter(
    (entry) => !entry.isDirectory(),
  );
  const pathOf = ({ parentPath, name }: (typeof entries)[number]) => join(parentPath, name);
  const other = entries.find((entry) => !entry.isFile());
  if (other !== undefined)
    throw new NodeError("CONFIGURATION", `the backup is damaged: ${pathOf(other)} is neither a file nor a folder.`);
  const paths = entries.map(pathOf);
  for (const path of paths.sort()) {
    const name = path.slice(dir.length + 1);
    if (name !== MANIFEST_FILE) files[name] = await digestOf(path);
  }
  return files;
}

/**
 * The manifest of a backup that is whole: every file is there, and is what it was.
 * @throws NodeError CONFIGURATION, naming the first file that is not
 */
export async function readBackup(dir: string): Promise<Manifest> {
  const manifest = await readManifest(join(dir, MANIFEST_FILE));
  const there = await digestFiles(dir);
  for (const name of new Set([...Object.keys(manifest.files), ...Object.keys(there)])) {
    if (there[name] === manifest.files[name]) continue;
    const what = there[name] === undefined ? "is missing" : "is not what was backed up";
    throw new NodeError("CONFIGURATION", `the backup is damaged: ${join(dir, name)} ${what}; take another backup.`);
  }
  return manifest;
}

async function readManifest(path: string): Promise<Manifest> {
  try {
    const manifest: unknown = JSON.parse(await readFile(path, "utf8"));
    if (Check(Manifest, manifest)) return manifest as Manifest;
  } catch (cause) {
    throw new NodeError(
      "CONFIGURATION",
      `${path} cannot be read: ${messageOf(cause)}; it is no backup, or one that broke off.`,
      {
        cause,
      },
    );
  }
  throw new NodeError("CONFIGURATION", `${path} is not a backup's list of files.`);
}

async function digestOf(path: string): Promise<Digest> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex") as Digest;
}
