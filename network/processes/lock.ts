import { readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Words } from "@wanlian/protocol/language.js";
import { NetworkError } from "../error.js";
import { isNoSuchFile } from "./files.js";
import { identify, isRunning, type ProcessIdentity } from "./identity.js";

/**
 * Takes a lock file for as long as this process lives. A lock that a killed process left behind is taken over. Throws
 * `UNUSABLE_DIRECTORY` while another process holds it; `occupation` says what that process does.
 */
export function takeLock(file: string, occupation: Words): () => void {
  const own = identify(process.pid) ?? { pid: process.pid, begun: "" };
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(file, JSON.stringify(own), { flag: "wx" });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
    const holder = readHolder(file);
    if (holder && isRunning(holder))
      throw new NetworkError(
        "UNUSABLE_DIRECTORY",
        {
          zh: `${occupation.zh}已在进行（进程 ${holder.pid}）；请等它完成。`,
          en: `${occupation.en} is under way already (process ${holder.pid}); wait until it is done.`,
        },
        { file, pid: holder.pid },
      );
    rmSync(file, { force: true });
  }
  throw new NetworkError(
    "UNUSABLE_DIRECTORY",
    {
      zh: `另一个进程此刻正开始${occupation.zh}；请再试一次。`,
      en: `${occupation.en} begins in another process at this moment; try again.`,
    },
    { file },
  );
}

function readHolder(file: string): ProcessIdentity | undefined {
  try {
    const { pid, begun }: { pid?: unknown; begun?: unknown } = JSON.parse(readFileSync(file, "utf8"));
    return typeof pid === "number" && typeof begun === "string" ? { pid, begun } : undefined;
  } catch (error) {
    // Gone meanwhile, or cut off when its writer was killed: nobody holds it.
    if (isNoSuchFile(error) || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
