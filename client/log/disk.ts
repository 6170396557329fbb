import { constants } from "node:fs";
import { type FileHandle, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * The few ways in which the log touches the disk. After a crash at any instant a file written through here is either
 * whole, under its name, or not there.
 */
export interface Disk {
  /** Undefined if there is no such file. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Whether there is a file or folder of that name. */
  has(path: string): Promise<boolean>;
  /** Writes files whole, flushes them and their folders; in this order, so that the last stands for all. */
  writeAll(files: readonly { path: string; bytes: Uint8Array }[]): Promise<void>;
  /** Takes away a file or folder, if it is there. */
  remove(path: string): Promise<void>;
}

/** Entries say who asked for what: they are the node's own, whichever program writes them. */
export const OWN_FILE = 0o600;
export const OWN_FOLDER = 0o700;

/** Files flushed at the same time: as many as Node has threads for. */
const AT_ONCE = 4;

/** @param root folder of the log */
export function localDisk(root: string): Disk {
  return {
    read: (path) => readIfThere(join(root, path)),
    has: async (path) => {
      try {
        await stat(join(root, path));
        return true;
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
    },
    writeAll: async (files) => {
      const folders = new Set<string>();
      for (let at = 0; at < files.length; at += AT_ONCE) {
        const part = files.slice(at, at + AT_ONCE);
        for (const made of await Promise.all(part.map(({ path, bytes }) => writeWhole(join(root, path), bytes)))) {
          for (const folder of made) folders.add(folder);
        }
      }
      for (const folder of folders) await flushFolder(folder);
    },
    remove: (path) => rm(join(root, path), { recursive: true, force: true }),
  };
}

export async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Makes names in a folder durable. */
export async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

export async function writeFully(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, at, bytes.length - at);
    at += bytesWritten;
  }
}

/** @returns the folders whose entries changed */
async function writeWhole(path: string, bytes: Uint8Array): Promise<string[]> {
  const folder = dirname(path);
  const firstMade = await mkdir(folder, { recursive: true, mode: OWN_FOLDER });
  const temporary = `${path}.new`;
  const file = await open(temporary, "w", OWN_FILE);
  try {
    await writeFully(file, bytes);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  return firstMade === undefined ? [folder] : foldersUpTo(folder, dirname(firstMade));
}

function foldersUpTo(folder: string, top: string): string[] {
  return folder === top || dirname(folder) === folder ? [folder] : [folder, ...foldersUpTo(dirname(folder), top)];
}

/** There is no such file; any other reason not to read one is no word on whether it is there. */
export function isMissing(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOENT" || code === "ENOTDIR";
}
