/** 预警: use of data that is unusual, found in the department's own log by thresholds that are policy. */

export { type Baseline, baselineOf } from "./baseline.js";
export { findingsAcross, findingsOf } from "./detect.js";
export { EarlyWarnings } from "./early-warnings.js";
export { FEWEST_NOTE, listWarnings, markWarning, type WarningFilter } from "./marks.js";
export { type Cell, type FieldUse, type Finding, WARNING_KINDS, type WarningKind } from "./warning.js";
