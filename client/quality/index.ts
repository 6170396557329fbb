/** Checks of data by rules, exact and repeatable, with a report whose digest anybody can compute again. */

export { type CheckRequest, checkTable } from "./check-table.js";
export { compareFiles, type FileComparison } from "./compare/compare-files.js";
export {
  type Comparison,
  type ComparisonRequest,
  compareSources,
  comparisonSteps,
  type DoubtfulCell,
} from "./compare/compare-sources.js";
export { compareLarge, type LargeComparisonRequest } from "./compare/large-comparison.js";
export { type Meaning, meaningOf } from "./compare/meaning.js";
export type { TablePlace } from "./engine/checked-table.js";
export { stepByStep } from "./engine/steps.js";
export { type Dependency, dependencySteps, findDependencies } from "./profile/dependencies.js";
export { type EncodedTable, encodeFile } from "./profile/encoded-table.js";
export { type Suggestion, suggestionSteps, suggestionsAsYaml, suggestRules } from "./profile/suggest.js";
export { findWrongCells, type WrongCell, wrongCellSteps } from "./profile/wrong-cells.js";
export {
  type Report,
  type RuleResult,
  reportDigest,
  SCORE_FORMULA,
  type Statement,
  statementOf,
  withoutRows,
} from "./report.js";
export type { ForeignNote, ForeignRules } from "./rules/foreign/foreign-rules.js";
export { readForeignRules } from "./rules/foreign/read-foreign.js";
export { type Rule, type RuleSet, RuleSetSchema } from "./rules/rule.js";
export { parseRules, rulesDigest } from "./rules/rule-set.js";
export { messageOf } from "./rules/words.js";
export { writeParquet } from "./write-parquet.js";
