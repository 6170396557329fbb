/** What can go wrong with an officer's key. The code is stable; the message is for people and never holds a secret. */
export type KeyErrorCode =
  | "UNKNOWN_OFFICER"
  | "WRONG_PASSPHRASE"
  | "WEAK_PASSPHRASE"
  | "DAMAGED_KEY"
  | "UNSUPPORTED_KEY"
  | "KEY_MISMATCH"
  | "OFFICER_EXISTS"
  | "CERTIFICATE_NOT_VALID"
  | "LOCKED_OUT";

/** Raised by everything in `keys/`. */
export class KeyError extends Error {
  override readonly name = "KeyError";

  constructor(
    readonly code: KeyErrorCode,
    message: string,
    readonly details: Readonly<Record<string, string | number>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
