/** Evidence of one access, in a file that is checked without any node. */

export {
  describeStep,
  type EvidenceBundle,
  parseEvidence,
  type TrustFile,
  trustFileOf,
  verifyEvidence,
} from "@wanlian/verify";
export { type ExportParts, exportEvidence } from "./export.js";
export { evidenceOfOwn } from "./own-records.js";
export { readTrust } from "./read-trust.js";
