/** The tree over blocks, the anchors that state its root, and the comparison with other departments' anchors. */

export { Anchoring } from "./anchoring.js";
export { LedgerTree } from "./ledger-tree.js";
export { LedgerWitness } from "./witness.js";
