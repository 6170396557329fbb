/** The product's words, once: what pages, command lines and documents call things, in Chinese and English. */

export { REASONS, RECORD_KINDS, RESULTS, ROADS, WAYS } from "./access.js";
export { NOUN_WORDS } from "./all-nouns.js";
export { LINEAGE_REPORT, type LineageReportWord } from "./lineage-report.js";
export type { CommandNames, NounWords } from "./noun-words.js";
export { PAGE, type PageWord } from "./page.js";
export { RELATIONS, ROLES } from "./people.js";
export { HOW_COUNTED, SUPERVISION_REPORT, type SupervisionWord } from "./supervision.js";
export {
  beginning,
  chinaDay,
  countText,
  dayText,
  denseTimeText,
  monthText,
  periodText,
  ratioText,
  timeText,
} from "./times.js";
export { CALL_NOTES, OTHER_SIDES } from "./use/calls.js";
export { WARNINGS } from "./use/warnings.js";
export { valueWord } from "./values.js";
export { CODE_WORDS, type Dictionary, wordsIn } from "./words.js";
