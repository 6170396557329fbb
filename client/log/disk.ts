import { closeSync, constants, fdatasync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { open, readFile, stat } from "node:fs/promises";
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
  /** Takes away files or folders, those that are there. */
  remove(paths: readonly string[]): Promise<void>;
}

/** Entries say who asked for what: they are the node's own, whichever program writes them. */
export const OWN_FILE = 0o600;
export const OWN_FOLDER = 0o700;

/** Files written and flushed together: some 8 MB at most. */
const AT_ONCE = 16;

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
        for (const folder of await writeTogether(root, files.slice(at, at + AT_ONCE))) folders.add(folder);
      }
      await Promise.all([...folders].map(flushFolder));
    },
    remove: async (paths) => {
      for (const path of paths) rmSync(join(root, path), { recursive: true, force: true });
    },
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

/** Into the system's cache, as far as it goes: to hand it to another thread takes more of the processor, and a turn. */
export function writeFully(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at);
}

/** Resolves once what was written to a file is on disk. */
export async function flushFile(file: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    fdatasync(file, (error) => (error === null ? resolve() : reject(error)));
  });
}

/**
 * Only flushing is waited for, of all at once: each step that waits for another thread waits for its turn behind
 * everything else that the node has to do by then, and a log that is written in hundreds of turns falls behind.
 * @returns the folders whose entries changed
 */
async function writeTogether(
  root: string,
  files: readonly { readonly path: string; readonly bytes: Uint8Array }[],
): Promise<readonly string[]> {
  const open: number[] = [];
  const folders: string[] = [];
  try {
    for (const { path, bytes } of files) {
      const whole = join(root, path);
      folders.push(...makeFolder(dirname(whole)));
      const file = openSync(`${whole}.new`, "w", OWN_FILE);
      open.push(file);
      writeFully(file, bytes);
    }
    const flushed = await Promise.allSettled(open.map(flushFile));
    for (const one of flushed) if (one.status === "rejected") throw one.reason;
  } finally {
    for (const file of open) closeSync(file);
  }
  for (const { path } of files) renameSync(join(root, `${path}.new`), join(root, path));
  return folders;
}

/** @returns the folders whose entries change with a file in it */
function makeFolder(folder: string): readonly string[] {
  const firstMade = mkdirSync(folder, { recursive: true, mode: OWN_FOLDER });
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
