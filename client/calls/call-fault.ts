/** Why what came of another road is not taken into the log, or was worth a note. Stable: in notes, answers, on the page. */
export const CALL_NOTES = [
  // Not taken: its form.
  "TOO_LONG",
  "NOT_TEXT",
  "MALFORMED",
  "MEMBER_MISSING",
  "MEMBER_WRONG",
  // Not taken: what it says.
  "NOT_A_PARTY",
  "BEFORE_LEDGER",
  "TIME_AHEAD",
  "DOUBLED",
  "ALTERED_AGAIN",
  // Taken, and worth a note; or something that is not there.
  "ALTERED",
  "LATE",
  "GAP",
  "FILE_SHRANK",
] as const;
export type CallNoteCode = (typeof CALL_NOTES)[number];

/** What is wrong with one record of a call. @see CALL_NOTES */
export class CallFault extends Error {
  override readonly name = "CallFault";
  readonly code: CallNoteCode;

  constructor(code: CallNoteCode, message: string) {
    super(message);
    this.code = code;
  }
}
