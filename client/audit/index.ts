/** An auditor's questions to departments' logs, and what the answers show. */

export { type AuditReport, audit } from "./audit.js";
export { AUDIT_PAGE, type AuditAnswer, type AuditedEntry } from "./audit-answer.js";
export { Auditor } from "./auditor.js";
export type { Because, Finding } from "./finding.js";
export { ANCHOR_LATE_SECONDS } from "./judge-log.js";
