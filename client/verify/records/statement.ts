import { canonicalBytes } from "@wanlian/model/canonical.js";
import { isStrictSignature } from "@wanlian/protocol/identities/ecdsa.js";
import { type Static, Type } from "typebox";

/**
 * What is signed outside the ledger: a line that says what kind of statement it is, then its canonical JSON (RFC 8785).
 * The line keeps a signature on one kind from passing for one on another, or for a transaction.
 */
export type StatementKind =
  | "access-request"
  | "access-record"
  | "access-receipt"
  | "answer"
  | "audit-request"
  | "log-in";

const VERSION = 1;

/** A signature over a statement: ECDSA, DER, in base64 as RFC 4648 §3.5 has it (no bits set that mean nothing). */
export const StatementSignature = Type.String({
  pattern: "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$",
  minLength: 4,
  maxLength: 200,
});
export type StatementSignature = Static<typeof StatementSignature>;

export function statementBytes(kind: StatementKind, value: unknown): Uint8Array {
  return Buffer.concat([statementPrefix(kind), canonicalBytes(value)]);
}

/** What stands before the canonical JSON. */
export function statementPrefix(kind: StatementKind): Uint8Array {
  return Buffer.from(`wanlian ${kind} ${VERSION}\n`, "utf8");
}

/** Whoever holds the key. */
export interface StatementSigner {
  sign(data: Uint8Array): Promise<Uint8Array>;
}

/** DER with low S, base64. */
export async function signStatement(kind: StatementKind, value: unknown, signer: StatementSigner): Promise<string> {
  return Buffer.from(await signer.sign(statementBytes(kind, value))).toString("base64");
}

/**
 * The signature's bytes. Fabric itself overlooks what follows in DER, and base64 has spellings that decode alike: here
 * a signature has one form only, so that nobody can make a second record of one that was signed once.
 * @returns undefined if it is spelled another way
 */
export function readSignature(text: string): Uint8Array | undefined {
  const der = Buffer.from(text, "base64");
  if (der.toString("base64") !== text) return undefined;
  return isStrictSignature(der) ? der : undefined;
}
