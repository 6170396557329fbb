/** Free texts of acts: kept at the node, handed over to whom the act concerns. */

export { type AskForText, textsOf } from "./case-texts.js";
export { keepTexts, withTexts } from "./given-texts.js";
export { MAX_TEXT, type SaltedText } from "./text.js";
export { findText, keepText, type TextPlace } from "./text-store.js";
