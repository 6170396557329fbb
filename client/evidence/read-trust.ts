import { readFile } from "node:fs/promises";
import { parseTrustFile, type TrustFile } from "@wanlian/verify";
import { ExchangeError } from "../core/index.js";

/** What an auditor keeps, as `wanlian roots` wrote it. @throws ExchangeError SOURCE_MISSING, SOURCE_MALFORMED */
export async function readTrustFile(path: string): Promise<TrustFile> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new ExchangeError("SOURCE_MISSING", `${path} cannot be read`, { cause });
  });
  try {
    return parseTrustFile(JSON.parse(text));
  } catch (cause) {
    throw new ExchangeError("SOURCE_MALFORMED", `${path} is no file of roots`, { cause });
  }
}
