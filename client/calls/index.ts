/** Calls over other roads: taken from the exchange platform or stated by officers, judged, logged, confirmed. */

export { CallBook } from "./call-book.js";
export { CALL_NOTES, type CallNoteCode } from "./call-fault.js";
export {
  CALL_PICKS,
  type CallPick,
  type LackingCall,
  type ListedCall,
  type ListedNote,
  listCalls,
  listLacking,
  listNotes,
} from "./call-list.js";
export { type CallWord, CallWords } from "./call-words.js";
export { CALLS_PATH, CallConfirming, type CallStanding, MAX_TOLD_BYTES } from "./confirming.js";
export { FollowedFiles } from "./followed-files.js";
export type { CallEncoding } from "./forms.js";
export { CallIntake, type TakenCalls } from "./intake.js";
export { LedgerThen } from "./ledger-then.js";
export { CallMapping, CallReader } from "./mapping.js";
export { CallNotes } from "./notes.js";
export { MOST_PUSHED, PlatformDesk } from "./platform-desk.js";
