import { signCheckpoint } from "@wanlian/model/checkpoint.js";
import { LedgerError } from "@wanlian/model/errors.js";
import type { DatasetId, Digest, MspId } from "@wanlian/model/identifiers.js";
import { type MandateState, mandateCovers, mandateHolds } from "@wanlian/model/model-1/mandate/mandate.js";
import { encodeAuditEntry, isFresh, parseAuditRequest, readEntry, type SignedAuditRequest } from "../access/index.js";
import { AUDIT_PAGE, type AuditAnswer, type AuditedEntry } from "../audit/index.js";
import type { TreeReader } from "../log/index.js";
import { type Call, type Handler, readJson, sendJson } from "../transport/index.js";
import type { DepartmentExchange } from "./department-exchange.js";

/** The node's answers to auditors; each question is in the log before it is answered. */
export function auditRoutes(exchange: DepartmentExchange): [string, Handler][] {
  return [["POST /audit/v1/records", (call) => records(exchange, call)]];
}

async function records(exchange: DepartmentExchange, { from, request, response }: Call): Promise<void> {
  const signed = parseAuditRequest(await readJson(request));
  const mandate = await admit(exchange, from, signed);
  sendJson(response, 200, await answer(exchange, signed, mandate));
}

/** @throws LedgerError NOT_PERMITTED; ExchangeError BAD_SIGNATURE */
async function admit(
  { options, identities, certificates, log }: DepartmentExchange,
  from: MspId,
  { request, signature, certificate }: SignedAuditRequest,
): Promise<MandateState> {
  const refuse = (why: string) => new LedgerError("NOT_PERMITTED", why);
  if (request.department !== from || request.node !== options.department || request.channel !== options.channel) {
    throw refuse("the question is not this department's to this node");
  }
  const auditor = await identities.check(from, certificate, "audit-request", request, signature);
  if (auditor.officer !== request.officer || !auditor.roles.includes("auditor")) {
    throw refuse(`${auditor.officer} of ${from} is no auditor`);
  }
  await options.book.reached(request.ledger.height);
  const position = options.book.position();
  if (!isFresh(request.ledger.time, position)) throw refuse("the question was signed too long ago");
  const mandate = (await options.book.read("mandate", request.mandate))?.state;
  const own = mandate?.kind === "audit" && mandate.department === from && mandate.officer === request.officer;
  if (mandate === undefined || !own) throw refuse(`mandate ${request.mandate} is not that of ${request.officer}`);
  if (!mandateHolds(mandate, position.time)) throw refuse(`mandate ${request.mandate} is not in force`);
  await certificates.keep(auditor.certificate);
  await log.append(encodeAuditEntry({ request, signature }));
  return mandate;
}

async function answer(
  { options, index, log, records, vault, certificates }: DepartmentExchange,
  { request }: SignedAuditRequest,
  mandate: MandateState,
): Promise<AuditAnswer> {
  const head = await log.publish();
  const reader = records.reader();
  await index.catchUp();
  const positions = (await index.positions(request.filter, request.from, AUDIT_PAGE)).filter((at) => at < head.size);
  const entries: AuditedEntry[] = [];
  const named = new Set<Digest>();
  for (const position of positions) {
    const entry = await reader.record(position);
    if (!isCovered(mandate, options.department, entry)) continue;
    const kept = vault.read(position);
    entries.push(await audited(reader, position, entry, kept));
    for (const certificate of certificatesOf(entry)) named.add(certificate);
    if (kept.receipt !== undefined) named.add(kept.receipt.certificate);
  }
  const pems = await Promise.all([...named].map(async (id) => [id, (await certificates.read(id)) ?? ""] as const));
  const last = positions.at(-1);
  return {
    node: options.department,
    checkpoint: signCheckpoint(head, options.logSigner),
    entries,
    certificates: Object.fromEntries(pems),
    ...(positions.length === AUDIT_PAGE && last !== undefined ? { next: last + 1 } : {}),
  };
}

async function audited(
  reader: TreeReader,
  position: number,
  entry: Uint8Array,
  { key, receipt }: { key: Digest | undefined; receipt: AuditedEntry["receipt"] | undefined },
): Promise<AuditedEntry> {
  const proof = await reader.inclusion(position);
  return {
    position,
    entry: Buffer.from(entry).toString("base64"),
    proof: proof.map((hash) => Buffer.from(hash).toString("hex") as Digest),
    ...(receipt === undefined ? {} : { receipt }),
    ...(key === undefined ? {} : { key }),
  };
}

/** A mandate over a department covers all of its log; one over datasets, their accesses. */
function isCovered(mandate: MandateState, node: MspId, entry: Uint8Array): boolean {
  if (mandate.departments.includes(node)) return true;
  const read = readEntry(entry);
  if (read === undefined) return false;
  if (read.kind === "question") {
    const { dataset } = read.asked.question.filter;
    return dataset !== undefined && mandateCovers(mandate, dataset as DatasetId);
  }
  const { dataset, consumer } = read.signed.record.request;
  return mandateCovers(mandate, dataset) || mandate.departments.includes(consumer);
}

function certificatesOf(entry: Uint8Array): Digest[] {
  const read = readEntry(entry);
  if (read === undefined) return [];
  if (read.kind === "question") return [read.asked.question.certificate];
  const { record } = read.signed;
  return [record.certificate, record.request.certificate];
}
