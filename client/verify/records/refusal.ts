import { GRANT_REFUSALS } from "@wanlian/model/reading.js";

/**
 * Why an access is refused. Stable: in the record, in the answer, on the page.
 * - of the grant: there is none, or it does not hold, or not for this
 * - of the request: its own form, time or chain; and of what its department did not countersign before
 */
export const REFUSALS = [
  ...GRANT_REFUSALS,
  "NOT_A_USER",
  "SUBJECT_MISMATCH",
  "RECEIPTS_MISSING",
  "REQUEST_EXPIRED",
  "REPLAYED",
  "CHAIN_DIFFERS",
] as const;
export type RefusalReason = (typeof REFUSALS)[number];
