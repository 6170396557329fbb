/** What callers know of the API without its server: addresses, names of commands, words of codes. */

export { conditionTitles } from "./conditions.js";
export { isCode, messages } from "./messages.js";
export {
  API_ROOT,
  beginsNamelessCase,
  caseIdOf,
  caseParameters,
  caseRoute,
  collectionOf,
  filingRoute,
  isNodesDuty,
  kebab,
} from "./routes.js";
export { commandTitle } from "./titles.js";
export { voidReason } from "./void-reasons.js";
