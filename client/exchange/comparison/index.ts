/** Comparing what one has with another department's release by keyed digests (docs/formats/comparison.md). */

export { type KeyedComparison, OwnRows } from "./own-rows.js";
