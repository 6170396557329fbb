import type { Logger } from "pino";
import { pause } from "../core/index.js";
import type { Db } from "../read/index.js";
import { clearUnfiled } from "./text-store.js";

/** What is removed can hold personal data, so it is not left for long; looking costs next to nothing. */
const CLEAR_EVERY_MS = 10 * 60_000;

/** Removes texts of filings that came to nothing, from the node's start until the signal aborts. */
export async function keepClearing(db: Db, log: Logger, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await clearUnfiled(db, new Date());
    } catch (error) {
      log.warn({ err: error }, "texts of filings that came to nothing could not be removed; trying again");
    }
    await pause(CLEAR_EVERY_MS, signal);
  }
}
