import { canonicalBytes } from "@wanlian/model/canonical.js";
import { DatasetId, Digest, Instant, MspId, OfficerNumber, TransactionId } from "@wanlian/model/identifiers.js";
import { checkSchema, closed, count, text } from "@wanlian/model/kernel/schema.js";
import { MAX_NAME } from "@wanlian/model/model-1/limits.js";
import { type Static, Type } from "typebox";
import type { AccessRequest } from "./access-request.js";
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

/** Whether a filter takes an access. @param time the ledger's when it was checked */
export function filterTakes(filter: AuditFilter, request: AccessRequest, time: string): boolean {
  const { dataset, provider, consumer, officer, grant, since, until } = filter;
  return (
    (dataset === undefined || dataset === request.dataset) &&
    (provider === undefined || provider === request.provider) &&
    (consumer === undefined || consumer === request.consumer) &&
    (officer === undefined || officer === request.officer) &&
    (grant === undefined || grant === request.grant) &&
    (since === undefined || since <= time) &&
    (until === undefined || time <= until)
  );
}

/**
 * What is asked for: every entry of the log, page by page, as of the tree that `size` names where an earlier question
 * was answered from it; or one record, with the key that opens what was looked up.
 */
export const AuditAsks = Type.Union([
  closed({ what: Type.Literal("entries"), size: Type.Optional(count()) }),
  closed({ what: Type.Literal("record"), record: Digest }),
]);
export type AuditAsks = Static<typeof AuditAsks>;

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
  asks: AuditAsks,
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

/** A page of the answer: the question goes along each time, and is on record once. */
export const AuditPageRequest = closed({
  question: SignedAuditRequest,
  from: count(),
  /** Entries at most. */
  most: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
});
export type AuditPageRequest = Static<typeof AuditPageRequest>;

/** @throws LedgerError INVALID_INPUT */
export function parseAuditRequest(value: unknown): SignedAuditRequest {
  checkSchema(SignedAuditRequest, value);
  return value as SignedAuditRequest;
}

/** @throws LedgerError INVALID_INPUT */
export function parseAuditPageRequest(value: unknown): AuditPageRequest {
  checkSchema(AuditPageRequest, value);
  return value as AuditPageRequest;
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
