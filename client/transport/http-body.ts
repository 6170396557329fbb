import type { IncomingMessage } from "node:http";
import { LedgerError } from "@wanlian/model/errors.js";
import { parseStrictJson } from "../core/index.js";

/** A request with 500 field names and a certificate takes some 50 KB. */
export const MAX_BODY_BYTES = 256 * 1024;

/** @throws LedgerError TOO_LARGE, INVALID_INPUT */
export async function readJson(message: IncomingMessage, limit = MAX_BODY_BYTES): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message) {
    length += (chunk as Buffer).length;
    if (length > limit) throw new LedgerError("TOO_LARGE", `a body has at most ${limit} bytes`);
    chunks.push(chunk as Buffer);
  }
  try {
    return parseStrictJson(Buffer.concat(chunks));
  } catch (cause) {
    throw new LedgerError("INVALID_INPUT", "the body is not JSON", { cause });
  }
}
