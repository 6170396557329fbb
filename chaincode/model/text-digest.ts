import { createHash } from "node:crypto";
import { ensure } from "./errors.js";
import type { Digest } from "./identifiers.js";

/** Enough that nobody can guess a text from its digest by trying. */
export const SALT_BYTES = 16;

/**
 * The salted digest under which free text stands on the ledger: SHA-256(salt ‖ text in UTF-8). Whoever is handed text
 * and salt checks them against it.
 * @param salt 16 random bytes, made once for each text
 * @throws LedgerError INVALID_INPUT for a salt of another length: then two texts could share a digest
 */
export function textDigest(text: string, salt: Uint8Array): Digest {
  ensure(salt.length === SALT_BYTES, "INVALID_INPUT", `a salt has ${SALT_BYTES} bytes, not ${salt.length}`);
  return createHash("sha256").update(salt).update(text, "utf8").digest("hex") as Digest;
}
