import { canonicalBytes } from "@wanlian/model/canonical.js";
import { Digest, Instant, MspId, OfficerNumber, TransactionId } from "@wanlian/model/identifiers.js";
import { closed, count, text } from "@wanlian/model/kernel/schema.js";
import { MAX_NAME } from "@wanlian/model/model-1/limits.js";
import { type Static, Type } from "typebox";
import type { AuditFilter } from "./audit-request.js";

/** Case ids are at most so long. */
const MAX_CASE = 160;

/**
 * An officer's filing that came to nothing, as the own node states it: who, what and why. What was asked is named by its
 * digest, since the body of a filing that was refused is on no ledger.
 */
export const RefusedFiling = closed({
  schema: Type.Literal(1),
  kind: Type.Literal("filing"),
  channel: text(MAX_NAME),
  department: MspId,
  officer: OfficerNumber,
  /** SHA-256 of the officer's certificate (DER); absent where the node learnt of the refusal after a restart. */
  certificate: Type.Optional(Digest),
  noun: text(MAX_NAME),
  /** Null where the case would have begun with the filing. */
  case: Type.Union([text(MAX_CASE), Type.Null()]),
  command: text(MAX_NAME),
  /** SHA-256 of the body's canonical JSON. */
  body: Digest,
  /** The error's stable code. */
  code: text(MAX_NAME),
  /** Of an act that is on the ledger and void: why it does not count. */
  reason: Type.Optional(text(MAX_NAME)),
  /** Of the last envelope, where one was made. */
  transaction: Type.Optional(TransactionId),
  /** Where this node's ledger stood. */
  ledger: closed({ height: count(), time: Type.Optional(Instant) }),
});
export type RefusedFiling = Static<typeof RefusedFiling>;

/** As it stands in the log. The log's own checkpoint signs it: nobody else is party to it. */
export const FilingEntry = closed({ filing: RefusedFiling });
export type FilingEntry = Static<typeof FilingEntry>;

export function encodeFilingEntry(filing: RefusedFiling): Uint8Array {
  return canonicalBytes({ filing });
}

/** Whether an auditor's filter takes a refused filing. What it says of accesses alone, none fits. */
export function filterTakesFiling(filter: AuditFilter, filing: RefusedFiling): boolean {
  const { dataset, provider, consumer, officer, grant, since, until } = filter;
  const time = filing.ledger.time ?? "";
  return (
    provider === undefined &&
    (dataset === undefined || dataset === filing.case) &&
    (consumer === undefined || consumer === filing.department) &&
    (officer === undefined || officer === filing.officer) &&
    (grant === undefined || grant === filing.case) &&
    (since === undefined || since <= time) &&
    (until === undefined || time <= until)
  );
}
