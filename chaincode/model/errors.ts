/** Why a command is refused. The code is stable: the same on the ledger, in the API and on the page. */
export const LEDGER_ERROR_CODES = [
  // the input
  "INVALID_INPUT",
  "TOO_LARGE",
  "UNKNOWN_COMMAND",
  "WRONG_BASIS",
  // the author
  "NOT_A_CLIENT",
  "NOT_A_MEMBER",
  "NOT_PERMITTED",
  "NOT_OWNER",
  "CERTIFICATE_EXPIRED",
  // the case
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "WRONG_STATE",
  "UNCHANGED",
  "LIMIT_REACHED",
  "TOO_MANY_ACTS",
  "MISMATCH",
  // the rules
  "NO_LEGAL_BASIS",
  "NOT_SHARED",
  "OUT_OF_SCOPE",
  "TOO_EARLY",
  "TOO_LATE",
  "NOT_REPORTED",
  "BAD_PROOF",
  "LOG_SHRANK",
  "LOG_REWRITTEN",
  "BAD_SIGNATURE",
  // time and order
  "MOVED",
  "NOT_YET",
  "VOID_BASIS",
  "STALE_CLOCK",
  "CLOCK_OFF",
  // the contract
  "UNKNOWN_MODEL",
  "WRONG_GENESIS",
  "INTERNAL",
] as const;

export type LedgerErrorCode = (typeof LEDGER_ERROR_CODES)[number];

/** What a caller may show or act on: plain JSON values. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/** A refusal by the rules. The message says what, which, and what now, without the code. */
export class LedgerError extends Error {
  override readonly name = "LedgerError";
  readonly code: LedgerErrorCode;
  readonly details: ErrorDetails;

  constructor(code: LedgerErrorCode, message: string, options: ErrorOptions & { details?: ErrorDetails } = {}) {
    super(message, options);
    this.code = code;
    this.details = options.details ?? {};
  }
}

const WIRE_FORMAT = new RegExp(`(?:^|[^A-Z_])(${LEDGER_ERROR_CODES.join("|")}): ([^\\n]*)`);

/** One line, `CODE: message`: a contract's error survives the gateway only as text. */
export function formatLedgerError(error: LedgerError): string {
  return `${error.code}: ${error.message.replace(/\s+/g, " ")}`;
}

/**
 * Reads back what {@link formatLedgerError} wrote, from whatever a peer or gateway has put around it.
 * `undefined` if the text holds no refusal of the rules.
 */
export function parseLedgerError(text: string): LedgerError | undefined {
  const found = WIRE_FORMAT.exec(text);
  if (!found) return undefined;
  const code = LEDGER_ERROR_CODES.find((known) => known === found[1]);
  return code ? new LedgerError(code, found[2] ?? "") : undefined;
}

/** Throws unless the condition holds; reads as a rule: `ensure(fits, "MISMATCH", "…")`. */
export function ensure(
  condition: boolean,
  code: LedgerErrorCode,
  message: string,
  details: ErrorDetails = {},
): asserts condition {
  if (!condition) throw new LedgerError(code, message, { details });
}
