import { randomUUID } from "node:crypto";
import { mkdir, open, rename, rm, statfs, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { NetworkError } from "../error.js";

/** Whether the error says that a file or folder is not there. */
export function isNoSuchFile(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/** Writes a file so that a reader sees all of it or none, also after a power cut. */
export async function writeWhole(file: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  // Of its own, also beside another writer of the same file in this process.
  const draft = `${file}.${randomUUID()}.draft`;
  await writeFile(draft, content, { mode });
  const handle = await open(draft, "r+");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
}

/** Makes a folder that is there with everything in it, or not at all: `fill` works in a draft beside it. It is its owner's alone. */
export async function makeFolder(folder: string, fill: (draft: string) => Promise<void>): Promise<void> {
  const draft = `${folder}.draft`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true, mode: 0o700 });
  await fill(draft);
  await rename(draft, folder);
}

/** Throws `DISK_FULL` if less than `bytes` are free where `folder` lies. */
export async function expectSpace(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= bytes) return;
  const megabytes = (count: number) => `${Math.ceil(count / 2 ** 20)} MB`;
  throw new NetworkError(
    "DISK_FULL",
    {
      zh: `${folder} 所在的磁盘只剩 ${megabytes(free)}，需要 ${megabytes(bytes)}。请腾出空间。`,
      en: `Only ${megabytes(free)} are free where ${folder} lies; ${megabytes(bytes)} are needed. Free some space.`,
    },
    { details: { folder, free, needed: bytes } },
  );
}
