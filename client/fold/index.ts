/** The ledger as every node judges it, transaction by transaction. */

export { viewChannel } from "./configuration.js";
export { type Difference, type WatchOutcome, type WatchState, watchBlock } from "./configuration-watch.js";
export type { DefinitionView } from "./definition.js";
export { Endorsers } from "./endorsers.js";
export { type CountedTransaction, type FoldedBlock, foldBlock, type VoidTransaction } from "./fold.js";
export { type CountedAct, HeadCache, type HeadStore } from "./heads.js";
export type { LeftKey } from "./left-keys.js";
export { VoidFile } from "./void-file.js";
