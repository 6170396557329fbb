import { parseCanonical } from "@wanlian/model/canonical.js";
import { Compile } from "typebox/schema";
import { SignedRecord } from "./access-record.js";
import { AuditEntry } from "./audit-request.js";
import { CallEntry, type PlatformCall } from "./platform-call.js";
import { FilingEntry, type RefusedFiling } from "./refused-filing.js";

/**
 * What can stand in a log. Each kind has its own schema, and a member that names it: `record` for an access (with its
 * own kinds: access, opening, closing), `question` for an auditor's, `filing` for a filing that was refused, `call` for
 * one over another road. A reader that does not know a kind says so, and takes it for none that it knows.
 */
export type LogEntry =
  | { readonly kind: SignedRecord["record"]["kind"]; readonly signed: SignedRecord }
  | { readonly kind: "question"; readonly asked: AuditEntry }
  | { readonly kind: "filing"; readonly filing: RefusedFiling }
  | { readonly kind: "call"; readonly call: PlatformCall };

const recordForm = Compile(SignedRecord);
const questionForm = Compile(AuditEntry);
const filingForm = Compile(FilingEntry);
const callForm = Compile(CallEntry);

/** Undefined if the bytes are of no kind that is known here, or not in canonical form. */
export function readEntry(entry: Uint8Array): LogEntry | undefined {
  const value = parseCanonical(entry);
  if (typeof value !== "object" || value === null) return undefined;
  if ("record" in value && recordForm.Check(value)) {
    const signed = value as SignedRecord;
    return { kind: signed.record.kind, signed };
  }
  if ("question" in value && questionForm.Check(value)) return { kind: "question", asked: value as AuditEntry };
  if ("filing" in value && filingForm.Check(value)) return { kind: "filing", ...(value as FilingEntry) };
  if ("call" in value && callForm.Check(value)) return { kind: "call", ...(value as CallEntry) };
  return undefined;
}

/** The access record in an entry; undefined if it is something else. */
export function readRecord(entry: Uint8Array): SignedRecord | undefined {
  const read = readEntry(entry);
  return read !== undefined && "signed" in read ? read.signed : undefined;
}
