import type { ExchangeErrorCode } from "./error-code.js";
import { NodeError } from "./node-error.js";

export class ExchangeError extends NodeError<ExchangeErrorCode> {
  override readonly name = "ExchangeError";
}
