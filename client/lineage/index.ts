/** Where releases came from and went to, and what rests on one that was found wrong. */

export { type Affected, affectedOf, MOST_OWN } from "./affected.js";
export { openLineageOf } from "./forms/open-lineage.js";
export {
  DEFAULT_DEPTH,
  DIRECTIONS,
  type Lineage,
  type LineageEntry,
  type LineageQuestion,
  lineageOf,
  MAX_DEPTH,
  MAX_RELEASES,
} from "./lineage.js";
export { FAULTS, MARKS } from "./marks.js";
export { type PrintingLineage, printedLineage } from "./printed/printed-lineage.js";
export type { ProvDocument } from "./prov/document.js";
export { provOfActs } from "./prov/of-acts.js";
export { provOfLineage } from "./prov/of-lineage.js";
export { provJson } from "./prov/prov-json.js";
export { provN } from "./prov/prov-n.js";
export { HOWS, MADE } from "./release.js";
