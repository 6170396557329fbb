/** Filing an act, once, whatever happens in between. */

export { filedBy } from "./filings.js";
export type { Fate, LedgerView, Step } from "./ledger-view.js";
export type { Refusal } from "./refusal.js";
export { SubmissionStore } from "./store.js";
export { nameOfFiling, Submitter } from "./submitter.js";
