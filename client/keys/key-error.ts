import { NodeError } from "../core/index.js";

/**
 * What can go wrong with an officer's key:
 * - `UNKNOWN_OFFICER`: nobody of that number is enrolled here.
 * - `WRONG_PASSPHRASE`: the passphrase does not open the key, or the file was altered: the two look the same.
 * - `WEAK_PASSPHRASE`: too short or too long to be taken.
 * - `DAMAGED_KEY`: a file is not what it should be.
 * - `UNSUPPORTED_KEY`: a kind of key or encryption that is not read.
 * - `KEY_MISMATCH`: key, certificate and officer do not belong together.
 * - `CERTIFICATE_NOT_VALID`: before its first or after its last day.
 * - `LOCKED_OUT`: too many failures; details.retryAfterSeconds.
 */
export type KeyErrorCode =
  | "UNKNOWN_OFFICER"
  | "WRONG_PASSPHRASE"
  | "WEAK_PASSPHRASE"
  | "DAMAGED_KEY"
  | "UNSUPPORTED_KEY"
  | "KEY_MISMATCH"
  | "CERTIFICATE_NOT_VALID"
  | "LOCKED_OUT";

/** Raised by everything in `keys/`. The message is for people and never holds a secret. */
export class KeyError extends NodeError<KeyErrorCode> {
  override readonly name = "KeyError";
}
