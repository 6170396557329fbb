/**
 * Why an access is refused. Stable: in the record, in the answer, on the page.
 * - of the grant: there is none, or it does not hold, or not for this
 * - of the request: its own form, time or chain
 * - of the node: it cannot decide now
 */
export const REFUSALS = [
  "UNKNOWN_GRANT",
  "GRANT_NOT_GIVEN",
  "GRANT_SUSPENDED",
  "GRANT_REVOKED",
  "GRANT_NOT_YET",
  "GRANT_EXPIRED",
  "WRONG_CONSUMER",
  "WRONG_PROVIDER",
  "WRONG_DATASET",
  "UNKNOWN_RELEASE",
  "RELEASE_WITHDRAWN",
  "FIELD_NOT_GRANTED",
  "WRONG_PURPOSE",
  "WRONG_SCENARIO",
  "QUOTA_EXCEEDED",
  "WRONG_MANDATE",
  "MANDATE_ENDED",
  "NOT_A_USER",
  "NOT_A_MEMBER",
  "SUBJECT_MISMATCH",
  "REQUEST_EXPIRED",
  "REPLAYED",
  "CHAIN_DIFFERS",
] as const;
export type RefusalReason = (typeof REFUSALS)[number];
