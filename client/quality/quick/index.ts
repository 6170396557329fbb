/** Rules on one record, at once. */

export { parseRules } from "../rules/rule-set.js";
export { type GivenRecord, type QuickOutcome, type QuickResult, quickCheck } from "./quick-check.js";
