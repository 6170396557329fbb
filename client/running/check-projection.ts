import { RELEASED } from "@wanlian/model/models.js";
import { messageOf } from "@wanlian/protocol/errors.js";
import { languageOf } from "@wanlian/protocol/language.js";
import { rebuildDigest } from "../node/index.js";
import { digestProjection, openDatabase } from "../projection/index.js";
import { readConfig } from "./machine/config.js";
import { claimDataDirectory } from "./machine/data-directory.js";
import { toldOf } from "./rebuild-progress.js";
import { connectorOf } from "./start.js";

/**
 * `node client/dist/running/check-projection.js CONFIG.json`, with the node stopped: compares its projection with one
 * made anew from block 0, prints both digests as JSON, ends with 0 if they are equal and 1 if not.
 */
async function main(file: string | undefined): Promise<number> {
  if (file === undefined) throw new Error("usage: check-projection CONFIG.json");
  const config = await readConfig(file, process.env);
  const directory = claimDataDirectory(config.dataDir);
  const connector = await connectorOf(config);
  try {
    const db = await openDatabase({ directory: config.dataDir, url: config.databaseUrl });
    const kept = await digestProjection(db).finally(() => db.destroy());
    const rebuilt = await rebuildDigest(
      connector,
      config.channel,
      config.chaincode,
      BigInt(kept.height),
      RELEASED,
      toldOf(kept.height),
    );
    const equal = kept.digest === rebuilt.digest;
    process.stdout.write(`${JSON.stringify({ equal, kept, rebuilt })}\n`);
    return equal ? 0 : 1;
  } finally {
    connector.close();
    directory.release();
  }
}

try {
  process.exitCode = await main(process.argv[2]);
} catch (error) {
  const { failureText } = await import("../cli/index.js");
  process.stderr.write(`${failureText(error)?.[languageOf([], process.env)] ?? messageOf(error)}\n`);
  process.exitCode = 2;
}
