/** What an access is: request, record, refusal, who signed it, where it is kept. */

export type { RefusalReason, Signatory } from "@wanlian/verify";
export {
  type AccessRecord,
  type AccessRequest,
  type AuditAsks,
  AuditFilter,
  type AuditPageRequest,
  type AuditRequest,
  BROKEN_OFF_REASONS,
  CallDetails,
  CallFacts,
  ComparedRows,
  callKey,
  comparedDigest,
  encodeAuditEntry,
  encodeCallEntry,
  encodeEntry,
  encodeFilingEntry,
  factsDigest,
  filterTakes,
  filterTakesCall,
  filterTakesFiling,
  hexOf,
  KEYED_DIGEST_BYTES,
  keyedDigest,
  MAX_COMPARED_ROWS,
  MAX_LOOKUP_ROWS,
  maskedFields,
  openingOf,
  PlatformCall,
  parseAuditPageRequest,
  parseAuditRequest,
  parseSignedRequest,
  type Reason,
  RefusedFiling,
  Road,
  randomDigest,
  readEntry,
  readRecord,
  readSignature,
  reasonOf,
  recordId,
  refusalOfCall,
  responseOf,
  Signatories,
  type SignedAuditRequest,
  type SignedRecord,
  type SignedRequest,
  StatementSignature,
  Subject,
  signStatement,
  statementBytes,
  statementPrefix,
  subjectDigest,
  whyNotThis,
} from "@wanlian/verify";
export { type AccessCount, COUNTED_BY, COUNTED_PER, COUNTED_UNDER } from "./access-counts.js";
export { AccessIndex, type IndexedCall } from "./access-index.js";
export {
  type DeliveredAnswer,
  type DeliveredReceipt,
  DeliveredReceipts,
  type DeliveredRecord,
  LostReceipts,
  LostRequests,
  MAX_ANSWER_BYTES,
  MAX_FOUND,
  MAX_RECEIPTS,
  MAX_RECEIPTS_BYTES,
  MAX_REQUESTS,
  MAX_ROWS_BYTES,
  parseAnswer,
  parseDelivered,
  parseFoundReceipts,
  parseFoundRecords,
  parseReceiptAnswer,
  readReceipt,
} from "./answer.js";
export { CertificateStore } from "./certificate-store.js";
export { checkGrant, type Ruling } from "./grant-check.js";
export { Identities } from "./identities.js";
export { type FiledRecord, RecordLog } from "./record-log.js";
export { isFresh, REQUEST_LIFE_SECONDS, ReplayGuard } from "./replay.js";
export { certificateOf } from "./signer-certificate.js";
export { dismissedBy, OfficerStanding } from "./standing.js";
export { type Receipt, SLOT_BYTES, slotIn, Vault } from "./vault.js";
