/** Why a channel cannot be joined, changed or left. */
export type ChannelErrorCode =
  /** The block cannot begin a channel on this orderer. */
  | "INVALID_BLOCK"
  /** The channel has been joined already. */
  | "EXISTS"
  /** The channel has not been joined. */
  | "NOT_FOUND";

/** An administrator's request about a channel that cannot be carried out. */
export class ChannelError extends Error {
  override readonly name = "ChannelError";

  constructor(
    readonly code: ChannelErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
