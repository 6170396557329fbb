/** Making evidence of one access: a file that is checked without any node. */

export {
  type AnswerFile,
  describeStep,
  differencesOf,
  type EvidenceFile,
  parseAnyFile,
  parseShownAnswer,
  type TrustFile,
  trustOf,
  type Verdict,
  verifyFile,
} from "@wanlian/verify";
export type { Answered, AnsweredCell, AnsweredStanding } from "./answers/answered.js";
export { type AnswerParts, exportAnswer, vouchedHeight } from "./answers/export-answer.js";
export { type ExportParts, exportEvidence } from "./export.js";
export { mayOpen } from "./may-open.js";
export { evidenceOfOwn } from "./own-records.js";
export { readTrustFile } from "./read-trust.js";
