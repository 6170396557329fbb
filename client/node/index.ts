/** The node on its ledger side: follows, files, keeps the clock. */

export { DepartmentNode } from "./department-node.js";
export { rebuildDigest } from "./rebuild.js";
export type { StandingAlarms } from "./standing-alarms.js";
export type { ToldWarnings } from "./told-warnings.js";
