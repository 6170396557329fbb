/** 督查: what a period comes to by this node's own fold, as figures, as a report and as a document to print. */

export { type ComputedFigure, evaluationOf, type FigureDifference, figureDifferences, figuresOf } from "./figures.js";
export { printedReport } from "./printed-report.js";
export { type Publication, type SupervisionReport, supervisionReport, type WordOnFigures } from "./report.js";
export { usageDifferencesIn, usageStatementsIn } from "./usage-differences.js";
export { type CountedLog, type UsageCount, type UsageDraft, type UsageLine, usageDraft } from "./usage-draft.js";
export { type CityUse, cityUse, TOTALLED_BY, type TotalledBy } from "./usage-totals.js";
