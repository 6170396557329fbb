import type { Command, FilingErrorCode } from "../core/index.js";

/** A filing that came to nothing because somebody said no: the rules, the departments' contracts, the network. */
export interface Refusal {
  /** `MSPID/officer number`. */
  readonly officer: string;
  /** PEM; absent where the node learnt of it after a restart. */
  readonly certificate?: Uint8Array;
  readonly command: Command;
  readonly code: FilingErrorCode;
  /** Of a void act: why it does not count (a VoidCode). */
  readonly reason?: string;
  /** Of the last envelope, where one was made. */
  readonly transactionId?: string;
}

/** The node or the network could not, which says nothing of the officer or of what was asked. */
const COULD_NOT: ReadonlySet<FilingErrorCode> = new Set([
  "NO_ENDORSEMENT",
  "LEDGER_UNAVAILABLE",
  "CLOCK_STALE",
  "NOT_READY",
  "STORE_FAILED",
  "CONFIGURATION",
  "KEY_REUSED",
]);

/** Whether a filing that failed was refused. */
export const isRefusal = (code: FilingErrorCode): boolean => !COULD_NOT.has(code);
