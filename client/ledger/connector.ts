import type { Signer } from "../core/index.js";

/**
 * A way to the ledger. Everything above it (submission, fold) is the same whichever SDK or network is behind.
 * Implementations keep no state of their own that a crash could lose.
 */
export interface LedgerConnector {
  /** Calls a contract function on one peer; nothing is recorded. Throws LedgerAccessError. */
  evaluate(signer: Signer, contractFunction: string, args: readonly string[]): Promise<Uint8Array>;

  /**
   * Has a call endorsed by as many departments as the policies ask for, and signs the transaction. Nothing has been
   * sent to the orderer yet. Throws LedgerAccessError.
   */
  endorse(signer: Signer, contractFunction: string, args: readonly string[]): Promise<EndorsedTransaction>;

  /**
   * Hands an envelope to the orderer. Safe to repeat with the same envelope: it counts at most once.
   * Resolving means taken for ordering, not ordered. Throws LedgerAccessError.
   */
  submit(transaction: EndorsedTransaction): Promise<void>;

  /** The fate of a transaction id, or undefined if it is not on the ledger before the deadline. */
  commitStatus(transactionId: string, deadlineMs: number): Promise<CommitStatus | undefined>;

  /** How many blocks the peer has. Throws LedgerAccessError. */
  height(signal: AbortSignal): Promise<bigint>;

  /**
   * Blocks from a height on, as the peer sends them (proto common.Block), waiting for those to come. Ends with
   * LedgerAccessError when the connection does; ends without one when the signal aborts.
   */
  blocks(from: bigint, signal: AbortSignal): AsyncIterable<Uint8Array>;

  close(): void;
}

export interface EndorsedTransaction {
  readonly transactionId: string;
  /** proto common.Envelope, signed by the officer. */
  readonly envelope: Uint8Array;
}

export interface CommitStatus {
  /** TxValidationCode. */
  readonly code: number;
  readonly block: bigint;
}

/**
 * What stood in the way:
 * - `REFUSED`: contracts answered and said no; `details` hold their words.
 * - `NO_ENDORSEMENT`: the policies cannot be met by the departments that answer.
 * - `UNAVAILABLE`: nobody answered, or not in time. For `submit` the fate of the envelope is open.
 * - `REJECTED`: the orderer will not take the envelope.
 */
export type LedgerAccessCode = "REFUSED" | "NO_ENDORSEMENT" | "UNAVAILABLE" | "REJECTED";

/** One peer's or orderer's words. */
export interface AccessDetail {
  readonly address: string;
  readonly department: string;
  readonly message: string;
}

export class LedgerAccessError extends Error {
  override readonly name = "LedgerAccessError";
  readonly details: readonly AccessDetail[];

  constructor(
    readonly code: LedgerAccessCode,
    message: string,
    { details = [], ...options }: ErrorOptions & { readonly details?: readonly AccessDetail[] } = {},
  ) {
    super(message, options);
    this.details = details;
  }
}
