import type { ApiErrorCode } from "./error-code.js";
import { NodeError } from "./node-error.js";

/** Raised in `api/`. */
export class ApiError extends NodeError<ApiErrorCode> {
  override readonly name = "ApiError";
}
