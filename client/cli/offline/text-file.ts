import { readFile } from "node:fs/promises";
import { strictText } from "@wanlian/protocol/bytes.js";
import { CliError } from "../errors.js";

/** A text that an officer hands in. @throws CliError USAGE where it is not UTF-8: on a ledger, lost words stay lost */
export async function readTextFile(path: string): Promise<string> {
  const text = strictText(await readFile(path));
  if (text !== undefined) return text;
  throw new CliError("USAGE", {
    zh: `${path} 不是 UTF-8；请另存为 UTF-8。`,
    en: `${path} is not UTF-8; save it as UTF-8.`,
  });
}
