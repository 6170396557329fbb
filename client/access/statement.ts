import { canonicalBytes } from "@wanlian/model/canonical.js";
import type { Signer } from "../core/services.js";

/**
 * What is signed outside the ledger: a line that says what kind of statement it is, then its canonical JSON (RFC 8785).
 * The line keeps a signature on one kind from passing for one on another, or for a transaction.
 */
export type StatementKind = "access-request" | "access-record" | "access-receipt" | "audit-request";

const VERSION = 1;

export function statementBytes(kind: StatementKind, value: unknown): Uint8Array {
  return Buffer.concat([Buffer.from(`wanlian ${kind} ${VERSION}\n`, "utf8"), canonicalBytes(value)]);
}

/** DER with low S, base64. */
export async function signStatement(kind: StatementKind, value: unknown, signer: Signer): Promise<string> {
  return Buffer.from(await signer.sign(statementBytes(kind, value))).toString("base64");
}
