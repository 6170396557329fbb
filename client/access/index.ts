/** What an access is: request, record, refusal, who signed it, where it is kept. */

export { AccessIndex } from "./access-index.js";
export {
  type AccessRecord,
  BROKEN_OFF_REASONS,
  encodeEntry,
  hexOf,
  openingOf,
  type Reason,
  reasonOf,
  recordId,
  responseOf,
  type SignedRecord,
} from "./access-record.js";
export {
  type AccessRequest,
  keyedDigest,
  parseSignedRequest,
  Road,
  randomDigest,
  type SignedRequest,
  Subject,
  subjectDigest,
} from "./access-request.js";
export {
  type DeliveredReceipt,
  DeliveredReceipts,
  type DeliveredRecord,
  LostRequests,
  MAX_FOUND,
  MAX_LOOKUP_ROWS,
  MAX_RECEIPTS,
  MAX_REQUESTS,
  parseAnswer,
  parseDelivered,
  parseFoundRecords,
  parseReceiptAnswer,
} from "./answer.js";
export {
  AuditFilter,
  type AuditRequest,
  encodeAuditEntry,
  parseAuditRequest,
  type SignedAuditRequest,
} from "./audit-request.js";
export { CertificateStore } from "./certificate-store.js";
export { checkGrant, type Ruling } from "./grant-check.js";
export { covers } from "./grant-covers.js";
export { Identities, type Signatory } from "./identities.js";
export { readEntry, readRecord } from "./log-entry.js";
export type { LogView, ViewedRecord } from "./log-view.js";
export { type FiledRecord, RecordLog } from "./record-log.js";
export type { RefusalReason } from "./refusal.js";
export { isFresh, REQUEST_LIFE_SECONDS, ReplayGuard } from "./replay.js";
export { certificateOf } from "./signer-certificate.js";
export { signStatement } from "./statement.js";
export { type Receipt, Vault } from "./vault.js";
