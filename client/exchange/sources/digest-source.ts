import { type ReleaseDigest, RunningDigest } from "../../sheets/index.js";
import type { Source } from "./source.js";

/**
 * The digest of a source's rows as a release of these fields. Reads all of them.
 * @throws ExchangeError SOURCE_*, FIELD_UNKNOWN
 */
export async function digestSource(source: Source, fields: readonly string[]): Promise<ReleaseDigest> {
  const running = new RunningDigest(fields);
  for await (const batch of source.read(fields)) {
    running.update(batch);
    batch.release?.();
  }
  return running.finish();
}
