/** Checking evidence of an access without any node; and the forms in which an access is put down and signed. */

export type {
  ActPlace,
  BlocksBetween,
  EvidenceBundle,
  LeafEvidence,
} from "./bundle.js";
export { MAX_BLOCKS_BETWEEN, parseEvidence } from "./bundle.js";
export { type LedgerLeaf, ledgerLeaf } from "./ledger-leaf.js";
export * from "./records/access-record.js";
export * from "./records/access-request.js";
export * from "./records/audit-request.js";
export * from "./records/log-entry.js";
export * from "./records/refusal.js";
export { Signatories, type Signatory } from "./records/signatories.js";
export * from "./records/statement.js";
export { describeStep } from "./step.js";
export { type EvidenceTrust, parseTrust, type TrustFile, trustFileOf, trustOf } from "./trust.js";
export { type Verification, verifyEvidence } from "./verify.js";
