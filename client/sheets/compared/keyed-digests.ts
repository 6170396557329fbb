import { createHmac } from "node:crypto";
import { KEYED_DIGEST_BYTES } from "@wanlian/verify";

/*
 * docs/formats/comparison.md: HMAC-SHA256 under the comparison's key, cut to 16 bytes, over canonical JSON. A cell's digest
 * depends on its row, so that equal values in two rows do not show as equal.
 */

type Value = string | null;

/** Names a row without saying it. @param values of the fields that tell rows apart, in their order */
export function rowDigest(key: Uint8Array, values: readonly Value[]): Buffer {
  return digest(key, ["row", ...values]);
}

/** @param values as of {@link rowDigest} */
export function cellDigest(key: Uint8Array, values: readonly Value[], field: string, value: Value): Buffer {
  return digest(key, ["cell", field, value, ...values]);
}

/** Arrays of texts and null are canonical as they are (RFC 8785). */
function digest(key: Uint8Array, parts: readonly Value[]): Buffer {
  return createHmac("sha256", key).update(JSON.stringify(parts)).digest().subarray(0, KEYED_DIGEST_BYTES);
}

/** The digests in a comparison's rows, one after the other. @param rows base64 */
export function* digestsIn(rows: string): Generator<Buffer> {
  const bytes = Buffer.from(rows, "base64");
  for (let at = 0; at + KEYED_DIGEST_BYTES <= bytes.length; at += KEYED_DIGEST_BYTES) {
    yield bytes.subarray(at, at + KEYED_DIGEST_BYTES);
  }
}

/** As digests stand in a column of what comes back. */
export const DIGEST_TEXT = /^[A-Za-z0-9_-]{22}$/;
/** Base64url; a browser's stand-in for Node's buffers knows base64 alone. */
export const textOf = (digest: Uint8Array): string =>
  Buffer.from(digest).toString("base64").replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
export const bytesOf = (text: string): Buffer => Buffer.from(text.replaceAll("-", "+").replaceAll("_", "/"), "base64");
