/** Stable names of what can be wrong; the same on the ledger, in the API's problem documents and on the page. */
export type LedgerErrorCode =
  | "INVALID_INPUT"
  | "TOO_LARGE"
  | "NOT_OWNER"
  | "NOT_PERMITTED"
  | "WRONG_STATE"
  | "MOVED"
  | "NOT_YET"
  | "STALE_CLOCK"
  | "BAD_SIGNATURE"
  | "LOG_SHRANK"
  | "LOG_REWRITTEN";

/** A refusal. The message says what, which and what now. */
export class LedgerError extends Error {
  readonly code: LedgerErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: LedgerErrorCode,
    message: string,
    options: ErrorOptions & { details?: Record<string, unknown> } = {},
  ) {
    super(message, options);
    this.name = "LedgerError";
    this.code = code;
    this.details = options.details ?? {};
  }
}
