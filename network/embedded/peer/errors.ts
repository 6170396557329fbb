import { messageOf } from "@wanlian/protocol/errors.js";

/** Why a peer refuses or fails; the message goes to the client as it stands. */
export type PeerErrorCode =
  /** What was sent is not a proposal, request or package. */
  | "MALFORMED"
  /** Who sent it may not. */
  | "ACCESS_DENIED"
  /** The transaction cannot be simulated: a rule of the state, or of the chaincode's dialogue. */
  | "SIMULATION"
  /** The chaincode cannot be reached, broke off, or took too long. */
  | "CHAINCODE_UNAVAILABLE"
  /** What was asked for does not exist here. */
  | "NOT_FOUND"
  /** No set of peers can endorse what was asked. */
  | "NO_ENDORSERS"
  /** The peer's own configuration or data directory is wrong. */
  | "CONFIGURATION";

/** The one kind of error that the peer raises on purpose. */
export class PeerError extends Error {
  override readonly name = "PeerError";
  readonly code: PeerErrorCode;

  constructor(code: PeerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The same failure with what was being done put before it, as Fabric's messages are built. */
export function inContext(context: string, error: unknown, code: PeerErrorCode = "SIMULATION"): PeerError {
  return new PeerError(error instanceof PeerError ? error.code : code, `${context}: ${messageOf(error)}`, {
    cause: error,
  });
}
