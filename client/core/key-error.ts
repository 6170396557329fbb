import type { KeyErrorCode } from "./error-code.js";
import { NodeError } from "./node-error.js";

/** Raised by everything in `keys/`. The message is for people and never holds a secret. */
export class KeyError extends NodeError<KeyErrorCode> {
  override readonly name = "KeyError";
}
