import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

/** What lstat counts blocks in, on every system. */
const BLOCK = 512;

/** What a folder takes on disk, bytes: blocks that are allocated, not lengths that files claim. */
export async function folderSize(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = entries.map(async (entry) => {
    if (!entry.isFile()) return 0;
    try {
      return (await lstat(join(entry.parentPath, entry.name))).blocks * BLOCK;
    } catch (error) {
      // A database that runs takes files away.
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return 0;
      throw error;
    }
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
