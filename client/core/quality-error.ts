import { NodeError } from "./node-error.js";

/**
 * Why a check of data comes to nothing; no result is given then and nothing is stated on the ledger:
 * - `RULES_MALFORMED`: the rules are not what the schema asks for; the message names the line.
 * - `RULES_DO_NOT_FIT`: the rules speak of a column or a table that is not there.
 * - `QUERY_REFUSED`: own SQL that does anything but ask the given table.
 * - `CHECK_TOO_LARGE`: the check needs more memory or disk than it may take.
 * - `CHECK_CANCELLED`: whoever asked has given up, or the time is over.
 */
export type QualityErrorCode =
  | "RULES_MALFORMED"
  | "RULES_DO_NOT_FIT"
  | "QUERY_REFUSED"
  | "CHECK_TOO_LARGE"
  | "CHECK_CANCELLED";

export class QualityError extends NodeError<QualityErrorCode> {
  override readonly name = "QualityError";
}
