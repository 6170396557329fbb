/** The transparency log: entries, tiles, checkpoints, and proofs of what is in it. */

export type { CheckedLeaves } from "./checked-leaves.js";
export { copyLog, publishedIn } from "./copy.js";
export { localDisk } from "./disk.js";
export { damaged } from "./errors.js";
export { checkLog, type LogFault, type LogReport, rewriteTiles } from "./fsck.js";
export { AccessLog, type Placed } from "./log.js";
export { type FetchTile, TreeReader } from "./reader.js";
export { type BrokenBundle, brokenBundles, restoreBundles } from "./restore.js";
export { sweepLog } from "./sweep.js";
export { CHECKPOINT_PATH, ENTRIES, mostBytesAt, parseTilePath, TILE_WIDTH } from "./tiles.js";
