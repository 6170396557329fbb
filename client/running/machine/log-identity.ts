import { createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type NoteSigner, noteSigner } from "@wanlian/model/note.js";
import { NodeError } from "../../core/index.js";

const KEY_FILE = "log-key.pem";
/** Only beside a log that is not the department's first: what it is called. */
const NAME_FILE = "log-name";

/** What the department's first log on a channel is called. */
export const firstLogName = (channel: string, department: string): string => `${channel}/log/${department}`;

/**
 * Who signs the checkpoints of the log in a folder; undefined where there is no key.
 * @param first what it is called unless a file says otherwise
 * @throws NodeError CONFIGURATION
 */
export async function logSignerIn(dir: string, first: string): Promise<NoteSigner | undefined> {
  const pem = await textIfThere(join(dir, KEY_FILE));
  if (pem === undefined) return undefined;
  const name = (await textIfThere(join(dir, NAME_FILE)))?.trim() ?? first;
  return noteSigner(name, privateKeyIn(pem, join(dir, KEY_FILE)));
}

/** A key of its own for a log that begins in a folder, for its owner only. */
export async function makeLogSigner(dir: string, name: string, first: string): Promise<NoteSigner> {
  const { privateKey } = generateKeyPairSync("ed25519");
  if (name !== first) await writeFile(join(dir, NAME_FILE), `${name}\n`, { mode: 0o600, flush: true });
  const pem = privateKey.export({ format: "pem", type: "pkcs8" });
  await writeFile(join(dir, KEY_FILE), pem, { mode: 0o600, flush: true });
  return noteSigner(name, privateKey);
}

function privateKeyIn(pem: string, path: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new NodeError("CONFIGURATION", `${path} is no private key.`, { cause });
  }
}

function textIfThere(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}
