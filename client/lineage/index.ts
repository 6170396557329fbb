/** Where releases came from and went to, and what rests on one that was found wrong. */

export {
  DEFAULT_DEPTH,
  DIRECTIONS,
  HOWS,
  type Lineage,
  type LineageEntry,
  type LineageQuestion,
  lineageOf,
  MAX_DEPTH,
  MAX_RELEASES,
} from "./lineage.js";
export { FAULTS, MARKS } from "./marks.js";
