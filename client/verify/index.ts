/** Checking evidence of an access without any node; and the forms in which an access is put down and signed. */

export { type AnswerFile, parseAnswerFile, type Said, SaidAct, SaidStanding } from "./answers/answer-file.js";
export { type AnyFile, type AnyVerification, parseAnyFile, verifyFile } from "./answers/any-file.js";
export type { CodeWords } from "./answers/explain-answer.js";
export { MAX_ACTS, MAX_RECORDS, Question } from "./answers/question.js";
export { brokenAt } from "./answers/whole.js";
export { demandsGrant, demandsOf } from "./demands.js";
export type {
  ActPlace,
  BlocksBetween,
  CaseEvidence,
  CaseKind,
  EvidenceFile,
  LeafEvidence,
} from "./evidence-file.js";
export { MAX_BLOCKS_BETWEEN, parseEvidence } from "./evidence-file.js";
export { type Explanation, explain } from "./explanation.js";
export { type LedgerLeaf, ledgerLeaf } from "./ledger-leaf.js";
export * from "./records/access-record.js";
export * from "./records/access-request.js";
export * from "./records/audit-request.js";
export * from "./records/log-entry.js";
export * from "./records/platform-call.js";
export * from "./records/refusal.js";
export * from "./records/refused-filing.js";
export * from "./records/shown-answer.js";
export { Signatories, type Signatory } from "./records/signatories.js";
export * from "./records/statement.js";
export { describeStep, type Outcome, type Step, type StepName } from "./step.js";
export type { Verdict } from "./steps/taken.js";
export {
  differencesOf,
  type EvidenceTrust,
  parseTrust,
  parseTrustFile,
  type TrustFile,
  trustFileOf,
  trustOf,
} from "./trust.js";
export { type Verification, verifyEvidence } from "./verify.js";
export { endorsersIn, membersIn, witnessesNeeded } from "./witness-rule.js";
