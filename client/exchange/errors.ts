import { NodeError } from "../node/errors.js";

/**
 * What can be wrong with a source, a request or a transfer:
 * - `SOURCE_MALFORMED`: the file or table is not what its configuration says.
 * - `SOURCE_TOO_LARGE`: a value, row or header beyond the limits.
 * - `SOURCE_MISSING`: the configured file or table is not there or cannot be read.
 * - `SOURCE_CHANGED`: it changed while it was being read.
 * - `SOURCE_SLOW`: it did not answer in time.
 * - `FIELD_UNKNOWN`: a field that the source does not have.
 */
export type ExchangeErrorCode =
  | "SOURCE_MALFORMED"
  | "SOURCE_TOO_LARGE"
  | "SOURCE_MISSING"
  | "SOURCE_CHANGED"
  | "SOURCE_SLOW"
  | "FIELD_UNKNOWN";

export class ExchangeError extends NodeError<ExchangeErrorCode> {
  override readonly name = "ExchangeError";
}
