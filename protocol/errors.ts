/** What can be wrong with something that claims to be Fabric's. */
export type ProtocolErrorCode =
  /** Bytes that do not decode as Go's protobuf decodes them. */
  | "MALFORMED"
  /** A certificate or identity that its MSP does not accept. */
  | "INVALID_IDENTITY"
  /** A policy that cannot be compiled or does not exist. */
  | "INVALID_POLICY"
  /** A signature set that does not satisfy a policy. */
  | "POLICY_NOT_SATISFIED"
  /** A channel configuration that breaks Fabric's rules. */
  | "INVALID_CONFIGURATION"
  /** A configuration update that the present configuration does not allow. */
  | "UPDATE_REFUSED"
  /** A block that does not follow, is not well formed, or does not hash to its header. */
  | "INVALID_BLOCK"
  /** A transaction that is not what its block or bundle says. */
  | "INVALID_TRANSACTION";

/** The one kind of error that `@wanlian/protocol` throws on purpose; anything else is a defect. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
  readonly code: ProtocolErrorCode;

  constructor(code: ProtocolErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What the operating system reports: a file that is not there, is not ours to read, does not fit on the disk. */
export const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && "syscall" in error && "code" in error;

/** What there is to say of anything that was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
