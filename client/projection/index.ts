/** What the fold finds, in SQL, and the node's own tables beside it. */

export { isTextSchema, textsIn, textsOfAct } from "./cited-texts.js";
export { openDatabase, resetDerived } from "./database.js";
export { digestProjection, type ProjectionDigest } from "./digest.js";
export { Projection } from "./projection.js";
export type {
  AccessTable,
  ActTable,
  CaseTable,
  DeadlineTable,
  EnvelopeTable,
  NodeDatabase,
  SubmissionTable,
} from "./schema.js";
export { searchPattern } from "./search.js";
