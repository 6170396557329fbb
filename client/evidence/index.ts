/** Evidence of one access, in a file that is checked without any node. */

export { type EvidenceBundle, parseEvidence } from "./bundle.js";
export type { ExportParts } from "./export.js";
export { evidenceOfOwn, evidenceOfView } from "./own-records.js";
export { describeStep } from "./step.js";
export { readTrust, type TrustFile, trustFileOf } from "./trust.js";
export { verifyEvidence } from "./verify.js";
