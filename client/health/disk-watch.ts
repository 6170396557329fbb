import { statfs } from "node:fs/promises";
import { type ConditionCode, pause } from "../core/index.js";

/** A day of a busy log, and room to stop in good order. */
const ENOUGH_BYTES = 1024 ** 3;
const LOOK_EVERY_MS = 60_000;

export interface DiskWatch {
  /** A folder on the disk. */
  readonly folder: string;
  report(code: ConditionCode, message: string): void;
  settle(code: ConditionCode): void;
  /** Bytes that are free where the folder lies. Default: as the system tells. */
  readonly freeBytes?: (folder: string) => Promise<number>;
  readonly everyMs?: number;
}

/** Says while a disk is nearly full, before a write fails. Until the signal aborts. @throws the system's where the folder is gone */
export async function watchDisk(watch: DiskWatch, signal: AbortSignal): Promise<void> {
  const { folder, freeBytes = freeOf, everyMs = LOOK_EVERY_MS } = watch;
  while (!signal.aborted) {
    const free = await freeBytes(folder);
    if (free >= ENOUGH_BYTES) watch.settle("DISK_NEARLY_FULL");
    else
      watch.report(
        "DISK_NEARLY_FULL",
        `only ${Math.floor(free / 1024 ** 2)} MiB are free where ${folder} lies; free some space before nothing can be written`,
      );
    await pause(everyMs, signal);
  }
}

async function freeOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
