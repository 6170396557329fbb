import { canonicalBytes } from "@wanlian/model/canonical.js";
import { DatasetId, Digest, Instant, MspId, OfficerNumber, TransactionId } from "@wanlian/model/identifiers.js";
import { checkSchema } from "@wanlian/model/kernel/schema.js";
import { closed, count, MAX_NAME, text } from "@wanlian/model/model-1/limits.js";
import { type Static, Type } from "typebox";
import { StatementSignature } from "./statement.js";

/** What an auditor wants to see; absent: everything that the mandate covers. */
export const AuditFilter = closed({
  dataset: Type.Optional(DatasetId),
  provider: Type.Optional(MspId),
  consumer: Type.Optional(MspId),
  officer: Type.Optional(OfficerNumber),
  grant: Type.Optional(TransactionId),
  /** Ledger time, both ends included. */
  since: Type.Optional(Instant),
  until: Type.Optional(Instant),
});
export type AuditFilter = Static<typeof AuditFilter>;

/** An auditor's question to a node, signed with the auditor's key, and itself on record in that node's log. */
export const AuditRequest = closed({
  schema: Type.Literal(1),
  kind: Type.Literal("audit"),
  channel: text(MAX_NAME),
  /** Whose log is asked for. */
  node: MspId,
  department: MspId,
  officer: OfficerNumber,
  /** SHA-256 of the auditor's certificate (DER). */
  certificate: Digest,
  mandate: TransactionId,
  filter: AuditFilter,
  /** Positions from here on. */
  from: count(),
  ledger: closed({ height: count(), block: Digest, time: Instant }),
  nonce: Digest,
});
export type AuditRequest = Static<typeof AuditRequest>;

export const SignedAuditRequest = closed({
  request: AuditRequest,
  signature: StatementSignature,
  certificate: Type.String({ minLength: 1, maxLength: 10_000 }),
});
export type SignedAuditRequest = Static<typeof SignedAuditRequest>;

/** @throws LedgerError INVALID_INPUT */
export function parseAuditRequest(value: unknown): SignedAuditRequest {
  checkSchema(SignedAuditRequest, value);
  return value as SignedAuditRequest;
}

/** The question as it stands in the log. */
export const AuditEntry = closed({ question: AuditRequest, signature: StatementSignature });
export type AuditEntry = Static<typeof AuditEntry>;

export function encodeAuditEntry({
  request,
  signature,
}: Pick<SignedAuditRequest, "request" | "signature">): Uint8Array {
  return canonicalBytes({ question: request, signature });
}
