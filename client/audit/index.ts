/** An auditor's questions to departments' logs, what the answers show, and the node's own answers. */

export { AnswerDesk } from "./answering/answer-desk.js";
export {
  CertificatesAsked,
  MAX_CERTIFICATES,
  MAX_CERTIFICATES_BYTES,
  parseCertificates,
} from "./answering/shown-record.js";
export { type AuditEvent, audit } from "./audit.js";
export type { AuditQuestion, LogProgress } from "./audit-folder.js";
export { Auditor, type TakenRecord } from "./auditor.js";
export type { Because, Finding, FindingKind } from "./finding.js";
export type { FindingCount } from "./finding-ledger.js";
export type { AuditedCall, AuditedFiling, AuditedRecord } from "./log-reading.js";
