import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type EvidenceTrust, parseTrust } from "@wanlian/verify";
import { ExchangeError } from "../core/index.js";

/**
 * Reads trusted roots from a file of this format, or from a folder with one folder an organisation, named by MSP id,
 * that holds its root certificates (Fabric's layout: `msp/cacerts`).
 * @throws ExchangeError SOURCE_MISSING, LedgerError INVALID_INPUT
 */
export async function readTrust(
  path: string,
  defaults: { channel: string; chaincode: string; orderers: readonly string[] },
): Promise<EvidenceTrust> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new ExchangeError("SOURCE_MISSING", `there is no ${path}`, {}, cause);
  });
  if (!found.isDirectory()) {
    return parseTrust(JSON.parse(await readFile(path, "utf8")));
  }
  const roots = new Map<string, string[]>();
  for (const { name } of (await readdir(path, { withFileTypes: true })).filter((entry) => entry.isDirectory())) {
    const folder = join(path, name, "msp", "cacerts");
    const files = await readdir(folder).catch(() => []);
    roots.set(name, await Promise.all(files.map((file) => readFile(join(folder, file), "utf8"))));
  }
  return { channelId: defaults.channel, chaincode: defaults.chaincode, roots, orderers: defaults.orderers };
}
