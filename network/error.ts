import type { Words } from "@wanlian/protocol/language.js";

/** What can go wrong while a network is described, set up, administered or run. */
export type NetworkErrorCode =
  /** The topology file (or another input file) is not what its schema allows. */
  | "INVALID_TOPOLOGY"
  /** A certificate, key, CSR or MSP folder cannot be used as it is. */
  | "INVALID_CERTIFICATE"
  /** A channel configuration or an update of it cannot be made or must not be signed. */
  | "INVALID_CONFIGURATION"
  /** A file that must exist does not, or is not readable. */
  | "MISSING_FILE"
  /** A data directory is half made, made by something else, or in use. */
  | "UNUSABLE_DIRECTORY"
  /** What was stored is not what is read: a disk, or somebody, changed it. */
  | "DAMAGED"
  /** What is asked for can be done once only, and has been. */
  | "ALREADY_DONE"
  /** A port is taken by another process. */
  | "PORT_IN_USE"
  /** No space is left on the device. */
  | "DISK_FULL"
  /** A process ended before it was ready, or did not become ready in time. */
  | "PROCESS_FAILED"
  /** A peer or orderer cannot be reached. */
  | "UNREACHABLE"
  /** A peer or orderer was reached and said no. */
  | "REFUSED"
  /** What was waited for did not come to be in time. */
  | "TIMEOUT"
  /** FABRIC_BIN is not set, or is not a folder of Fabric's binaries. */
  | "NO_FABRIC";

/**
 * An error of the network's side. The text is one sentence that says what, which and what now, in both languages; whoever shows
 * it takes the reader's. `details` holds the same for programs. The message, as logs have it, is the English one.
 */
export class NetworkError extends Error {
  override readonly name = "NetworkError";
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    readonly code: NetworkErrorCode,
    readonly text: Words,
    { details = {}, ...options }: ErrorOptions & { readonly details?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(text.en, options);
    this.details = details;
  }
}
