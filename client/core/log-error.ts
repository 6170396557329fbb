import type { LogErrorCode } from "./error-code.js";
import { NodeError } from "./node-error.js";

export class LogError extends NodeError<LogErrorCode> {
  override readonly name = "LogError";
}
