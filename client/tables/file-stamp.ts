import { stat } from "node:fs/promises";
import { ExchangeError } from "../core/index.js";

/** What changes when a file is written to or replaced. */
export interface FileStamp {
  readonly size: number;
  readonly id: string;
}

/** @throws ExchangeError SOURCE_MISSING, for folders and devices too */
export async function stampOf(path: string): Promise<FileStamp> {
  const found = await stat(path, { bigint: true }).catch((cause: unknown) => {
    throw new ExchangeError("SOURCE_MISSING", "the source's file is not there", { cause });
  });
  if (!found.isFile()) throw new ExchangeError("SOURCE_MISSING", "the source's path is not a file");
  return { size: Number(found.size), id: [found.dev, found.ino, found.size, found.mtimeNs, found.ctimeNs].join(":") };
}

/** @throws ExchangeError SOURCE_CHANGED */
export async function assertUnchanged(path: string, before: FileStamp): Promise<void> {
  const after = await stampOf(path);
  if (after.id !== before.id) throw new ExchangeError("SOURCE_CHANGED", "the source's file changed while it was read");
}
