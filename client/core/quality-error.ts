import type { QualityErrorCode } from "./error-code.js";
import { NodeError } from "./node-error.js";

export class QualityError extends NodeError<QualityErrorCode> {
  override readonly name = "QualityError";
}
