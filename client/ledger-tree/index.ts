/** The tree over blocks, the anchors that state its root, and the comparison with other departments' anchors. */

export { ANCHOR_LATE_SECONDS, lateAnchors } from "./anchor-watch.js";
export { Anchoring } from "./anchoring.js";
export { LedgerTree } from "./ledger-tree.js";
export {
  type AnchoredLog,
  type AwaitedBy,
  LogWitness,
  parseSeenLogs,
  SEEN_PATH,
  type SignedLog,
} from "./log-witness.js";
export { OwedReceipts } from "./owed-receipts.js";
export { LedgerWitness } from "./witness.js";
