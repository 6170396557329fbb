import { LogError } from "../core/index.js";

/** @param where file, offset or record */
export function damaged(where: string, what: string, cause?: unknown): LogError {
  return new LogError("LOG_DAMAGED", `${where}: ${what}`, { details: { where }, cause });
}
