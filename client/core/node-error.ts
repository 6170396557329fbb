/**
 * What the node itself adds to the contracts' codes:
 * - `KEY_REUSED`: the idempotency key stands for another command.
 * - `NO_ENDORSEMENT`: too few departments can or will endorse; nothing was sent.
 * - `ENDORSEMENT_FORGED`: an endorsement's signature or what it endorses is not what was asked for; nothing was sent.
 * - `LEDGER_UNAVAILABLE`: nobody to endorse or order could be reached; nothing was sent.
 * - `REFUSED_BY_ORDERER`: the orderer will not take it; nothing counts.
 * - `CONFLICT`: others' acts kept coming first, up to the limit of attempts; nothing counts.
 * - `INVALID`: on the ledger, but refused by validation; nothing counts.
 * - `VOID`: on the ledger, but not what the model allows; nothing counts.
 * - `FATE_OPEN`: sent, and neither counted nor out of the question yet: ask again with the same key.
 * - `CLOCK_STALE`: the ledger's clock stands still: no act counts and no data is served until it ticks.
 * - `NOT_READY`: the node is catching up or has not started.
 * - `STORE_FAILED`: the node cannot write to its own disk or database.
 * - `CONFIGURATION`: the node's own configuration or key material is wrong.
 */
export type NodeErrorCode =
  | "KEY_REUSED"
  | "NO_ENDORSEMENT"
  | "ENDORSEMENT_FORGED"
  | "LEDGER_UNAVAILABLE"
  | "REFUSED_BY_ORDERER"
  | "CONFLICT"
  | "INVALID"
  | "VOID"
  | "FATE_OPEN"
  | "CLOCK_STALE"
  | "NOT_READY"
  | "STORE_FAILED"
  | "CONFIGURATION";

/** Base of all errors that a node throws on purpose. */
export class NodeError<Code extends string = string> extends Error {
  override readonly name: string = "NodeError";

  constructor(
    readonly code: Code,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
  }
}

/** A filing that came to nothing. `code` is one of the node's or, where a contract refused, the contract's own. */
export class SubmissionError extends NodeError {
  override readonly name = "SubmissionError";
}
