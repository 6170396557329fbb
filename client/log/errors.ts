import { NodeError } from "../core/index.js";

/**
 * What can be wrong with a log:
 * - `LOG_DAMAGED`: what is on disk is not what was written, or contradicts itself; the message says what and where.
 * - `LOG_IN_USE`: another process appends to it.
 * - `LOG_WRITE_FAILED`: the disk refused; nothing more is acknowledged until the log is opened anew.
 * - `LOG_BUSY`: more waits for the disk than is let in; try again.
 * - `LOG_CLOSED`: it was closed.
 * - `RECORD_TOO_LARGE`: an entry bundle's entries have at most 65,535 bytes.
 * - `NOT_IN_TREE`: no such record, or no such earlier size, in the tree asked.
 */
export type LogErrorCode =
  | "LOG_DAMAGED"
  | "LOG_IN_USE"
  | "LOG_WRITE_FAILED"
  | "LOG_BUSY"
  | "LOG_CLOSED"
  | "RECORD_TOO_LARGE"
  | "NOT_IN_TREE";

export class LogError extends NodeError<LogErrorCode> {
  override readonly name = "LogError";
}

/** @param where file, offset or record */
export function damaged(where: string, what: string, cause?: unknown): LogError {
  return new LogError("LOG_DAMAGED", `${where}: ${what}`, { where }, cause);
}
