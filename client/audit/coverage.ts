import type { DatasetId, MspId } from "@wanlian/model/identifiers.js";
import type { MandateRead } from "@wanlian/model/reading.js";
import { type AccessRequest, type PlatformCall, readEntry } from "../access/index.js";

/** Whether an auditor's mandate covers an access: its dataset, or one of its parties, whom it was done for among them. */
export function coversAccess(mandate: MandateRead, request: AccessRequest): boolean {
  const { dataset, provider, consumer, principal } = request;
  const parties = [provider, consumer, ...(principal === undefined ? [] : [principal])];
  return mandate.covers(dataset) || parties.some((party) => mandate.departments.includes(party));
}

/** The same of a call over another road. */
export function coversCall(mandate: MandateRead, { facts: { dataset, provider, consumer } }: PlatformCall): boolean {
  return mandate.covers(dataset) || [provider, consumer].some((party) => mandate.departments.includes(party));
}

/** A mandate over a department covers all of its log; another one what it covers of the entries. */
export function coversEntry(mandate: MandateRead, node: MspId, entry: Uint8Array): boolean {
  if (mandate.departments.includes(node)) return true;
  const read = readEntry(entry);
  // Who filed what and was refused is the department's own affair, which a mandate over a dataset does not cover.
  if (read === undefined || read.kind === "filing") return false;
  if (read.kind === "call") return coversCall(mandate, read.call);
  if (read.kind !== "question") return coversAccess(mandate, read.signed.record.request);
  const { dataset } = read.asked.question.filter;
  return dataset !== undefined && mandate.covers(dataset as DatasetId);
}
