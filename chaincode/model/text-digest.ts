import { createHash } from "node:crypto";
import { canonicalBytes } from "./canonical.js";
import { ensure } from "./errors.js";
import { Digest } from "./identifiers.js";
import { closed } from "./kernel/schema.js";

/**
 * Free text that may hold personal data, as a body has it, whatever version: the text stays in the node's store and goes
 * from node to node; the ledger has its salted digest.
 */
export const Text = closed({ digest: Digest });

/** Enough that nobody can guess a text from its digest by trying. */
export const SALT_BYTES = 16;
const SALT = new RegExp(`^[0-9a-f]{${2 * SALT_BYTES}}$`);

/**
 * The salted digest under which free text stands on the ledger: SHA-256 over the canonical JSON of text and salt.
 * Whoever is handed both checks them against it.
 * @param salt 16 random bytes in hexadecimal, made once for each text
 * @throws LedgerError INVALID_INPUT for a salt of another form
 */
export function textDigest(text: string, salt: string): Digest {
  ensure(SALT.test(salt), "INVALID_INPUT", `a salt is ${SALT_BYTES} bytes in hexadecimal`);
  return createHash("sha256").update(canonicalBytes({ salt, text })).digest("hex") as Digest;
}
