/** What the fold finds, in SQL, and the node's own tables beside it. */

export { isTextSchema, textsIn, textsOfAct } from "./cited-texts.js";
export { openDatabase, resetDerived } from "./database/database.js";
export type {
  AccessCountTable,
  AccessTable,
  ActTable,
  CaseTable,
  DeadlineTable,
  EnvelopeTable,
  NodeDatabase,
  SubmissionTable,
  WarningTable,
} from "./database/schema.js";
export { brokenPiece } from "./database/seal.js";
export { damageOf } from "./database/sqlite.js";
export { digestProjection, type ProjectionDigest } from "./digest.js";
export { Projection } from "./projection.js";
export { searchable, searchPattern } from "./search.js";
