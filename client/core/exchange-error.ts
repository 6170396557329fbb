import { NodeError } from "./node-error.js";

/**
 * What can be wrong with a source, a request or a transfer:
 * - `SOURCE_MALFORMED`: the file or table is not what its configuration says.
 * - `SOURCE_TOO_LARGE`: a value, row or header beyond the limits.
 * - `SOURCE_MISSING`: no file or table is configured for it, or it is not there or cannot be read.
 * - `SOURCE_CHANGED`: it changed while it was being read.
 * - `SOURCE_DIFFERS`: what it holds is not what the release registered.
 * - `SOURCE_SLOW`: it did not answer in time.
 * - `FIELD_UNKNOWN`: a field that the source does not have.
 * - `BAD_SIGNATURE`: not signed by whom it names, or by nobody whom the channel knows.
 * - `WRONG_DEPARTMENT`: it came over another department's connection than the one it names.
 * - `BAD_ANSWER`: the provider's answer is not what its record says, or not an answer to what was asked.
 * - `REFUSED`: refused by the provider; the record says why.
 * - `BROKEN_OFF`: an answer or a stream ended before all of it was there.
 * - `UNREACHABLE`: the other department's node does not answer.
 * - `NOT_READY`: the node is behind the ledger, or the ledger's clock stands still; no data is served.
 */
export type ExchangeErrorCode =
  | "SOURCE_MALFORMED"
  | "SOURCE_TOO_LARGE"
  | "SOURCE_MISSING"
  | "SOURCE_CHANGED"
  | "SOURCE_DIFFERS"
  | "SOURCE_SLOW"
  | "FIELD_UNKNOWN"
  | "BAD_SIGNATURE"
  | "WRONG_DEPARTMENT"
  | "BAD_ANSWER"
  | "REFUSED"
  | "BROKEN_OFF"
  | "UNREACHABLE"
  | "NOT_READY";

export class ExchangeError extends NodeError<ExchangeErrorCode> {
  override readonly name = "ExchangeError";
}
