import { LedgerError } from "@wanlian/model/errors.js";
import { CHECKPOINT_PATH, ENTRIES, type FetchTile, parseTilePath } from "../../log/index.js";
import type { Call, Handler } from "../../transport/index.js";

/**
 * The log over HTTP (c2sp.org/tlog-tiles) under `/log/v1/`, for members: checkpoint and hash tiles. Entries are not
 * served here, since they are open only to the parties, who have them, and to auditors, who ask by their mandate.
 * @param fetch reads the log's own files
 */
export function logRoutes(fetch: FetchTile): [string, Handler][] {
  return [["GET /log/v1/", (call) => serve(fetch, call)]];
}

async function serve(fetch: FetchTile, { rest, response }: Call): Promise<void> {
  const tile = parseTilePath(rest);
  if (tile === undefined && rest !== CHECKPOINT_PATH)
    throw new LedgerError("NOT_FOUND", "no file of a log has this name");
  if (tile?.level === ENTRIES) {
    throw new LedgerError("NOT_PERMITTED", "entries are open to the parties and to mandated auditors");
  }
  const bytes = await fetch(rest);
  if (bytes === undefined) throw new LedgerError("NOT_FOUND", "the log has no such file");
  response.writeHead(200, {
    "content-type": tile === undefined ? "text/plain; charset=utf-8" : "application/octet-stream",
    "cache-control": tile === undefined ? "no-store" : "max-age=31536000, immutable",
    "content-length": bytes.length,
  });
  response.end(bytes);
}
