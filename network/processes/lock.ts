import type { Words } from "@wanlian/protocol/language.js";
import { takeProcessLock } from "@wanlian/protocol/process-lock.js";
import { NetworkError } from "../error.js";

/**
 * Takes a lock file for as long as this process lives. Throws `UNUSABLE_DIRECTORY` while another process holds it;
 * `occupation` says what that process does.
 */
export function takeLock(file: string, occupation: Words): () => void {
  const attempt = takeProcessLock(file);
  if (attempt.kind === "taken") return attempt.release;
  const { pid } = attempt;
  throw new NetworkError(
    "UNUSABLE_DIRECTORY",
    {
      zh: `${occupation.zh}已在进行（进程 ${pid}）；请等它完成。`,
      en: `${occupation.en} is under way already (process ${pid}); wait until it is done.`,
    },
    { details: { file, pid } },
  );
}
