/** Making evidence of one access: a file that is checked without any node. */

export {
  describeStep,
  differencesOf,
  type EvidenceFile,
  explain,
  parseEvidence,
  parseShownAnswer,
  type TrustFile,
  trustOf,
  type Verdict,
  verifyEvidence,
} from "@wanlian/verify";
export { type ExportParts, exportEvidence } from "./export.js";
export { mayOpen } from "./may-open.js";
export { evidenceOfOwn } from "./own-records.js";
export { readTrustFile } from "./read-trust.js";
