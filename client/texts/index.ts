/** Free texts of acts, and reports of assessments: kept at the node, handed over to whom the act concerns. */

export { type AskForText, textsOf } from "./case-texts.js";
export { keepClearing } from "./clearing.js";
export { saltTexts, withTexts } from "./given-texts.js";
export {
  type AskForReport,
  findReport,
  keepReport,
  MAX_REPORT_BYTES,
  mayHave,
  reportOf,
  type StatedReport,
  statedReport,
} from "./reports.js";
export { MAX_TEXT, type SaltedText } from "./text.js";
export {
  dropRefused,
  findText,
  keepReceived,
  keepWritten,
  placesOf,
  type TextPlace,
} from "./text-store.js";
