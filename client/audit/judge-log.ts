import type { Digest, Instant, MspId } from "@wanlian/model/identifiers.js";
import { refusalOfUse } from "@wanlian/model/model-1/application/coverage.js";
import { secondsBetween } from "@wanlian/model/time/instant.js";
import { type AccessRecord, type Identities, type LogView, openingOf, type ViewedRecord } from "../access/index.js";
import { ExchangeError } from "../core/index.js";
import type { Anchor, LedgerHistory } from "../read/index.js";
import type { Because, Finding } from "./finding.js";

/** Anchors are made hourly at least; so much more and one is late. */
export const ANCHOR_LATE_SECONDS = 2 * 3600;

/** Judges one department's log by itself: its anchors, every record's signatures, and what it checked as a provider. */
export async function judgeLog(
  view: LogView,
  history: LedgerHistory,
  identities: Identities,
  extendsAnchor: (anchor: Anchor) => Promise<boolean>,
): Promise<Finding[]> {
  const anchors = await history.anchors(view.department);
  const own = view.records.filter(({ signed }) => signed.record.request.provider === view.department);
  const findings = await judgeAnchors(view, anchors, history, extendsAnchor);
  for (const record of view.records) {
    findings.push(...(await judgeSignatures(view, record, identities)));
    if (own.includes(record)) findings.push(...(await judgeCheck(view, record, anchors, history)));
  }
  return [...findings, ...judgeStreams(view.department, own)];
}

async function judgeAnchors(
  { department, checkpoint }: LogView,
  anchors: readonly Anchor[],
  history: LedgerHistory,
  extendsAnchor: (anchor: Anchor) => Promise<boolean>,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const last = anchors.at(-1);
  if (last === undefined) {
    return checkpoint.size === 0 ? [] : [{ kind: "NOT_ANCHORED", department, entries: checkpoint.size }];
  }
  const anchor = last.transactionId;
  if (checkpoint.size < last.size) {
    findings.push({ kind: "LOG_SHRANK", department, anchor, anchored: last.size, shown: checkpoint.size });
  } else if (!(await extendsAnchor(last))) {
    findings.push({ kind: "LOG_REWRITTEN", department, anchor });
  }
  const now = await history.now();
  if (now !== undefined && secondsBetween(last.time as Instant, now) > ANCHOR_LATE_SECONDS) {
    findings.push({ kind: "ANCHOR_LATE", department, anchored: last.time, now });
  }
  return findings;
}

/** Whoever has a record in its log has checked who signed it. */
async function judgeSignatures(
  view: LogView,
  { signed, id, position }: ViewedRecord,
  identities: Identities,
): Promise<Finding[]> {
  const { record, signature } = signed;
  const { request, requestSignature } = record;
  const about = { department: view.department, record: id, position };
  const byOfficer = await signedBy(view, identities, request.consumer, "access-request", {
    certificate: request.certificate,
    statement: request,
    signature: requestSignature,
  });
  const { certificate } = record;
  const byNode = await signedBy(view, identities, request.provider, "access-record", {
    certificate,
    statement: record,
    signature,
  });
  const findings: Finding[] = [];
  if (byOfficer !== true) {
    findings.push({ kind: "REQUEST_FORGED", consumer: request.consumer, because: byOfficer, ...about });
  }
  if (byNode !== true) {
    findings.push({ kind: "RECORD_FORGED", provider: request.provider, because: byNode, ...about });
  }
  return findings;
}

/** What the provider says that it checked, against what the ledger says. */
async function judgeCheck(
  { department }: LogView,
  { signed, id, position }: ViewedRecord,
  anchors: readonly Anchor[],
  history: LedgerHistory,
): Promise<Finding[]> {
  const { record } = signed;
  const { height, block } = record.checked;
  const about = { department, record: id, position };
  const findings: Finding[] = [];
  if ((await history.blockHash(height - 1)) !== block) {
    findings.push({ kind: "CHAIN_DIFFERS", block: height - 1, hash: block, ...about });
  }
  // The last anchor before it was in the log: the node knew that much of the ledger when it filed the record.
  const known = anchors.filter(({ size }) => size <= position).at(-1)?.blocks ?? 0;
  if (height < known) findings.push({ kind: "OLD_HEIGHT", height, known, ...about });
  if (isServed(record) && !(await wasGranted(record, Math.max(height, known), history))) {
    findings.push({ kind: "NOT_GRANTED", grant: record.request.grant, ...about });
  }
  return findings;
}

/** An opening let data out, however it ended. */
function isServed({ kind, result }: AccessRecord): boolean {
  return result === "served" || (kind === "opening" && result === "opened");
}

async function wasGranted({ request }: AccessRecord, height: number, history: LedgerHistory): Promise<boolean> {
  const rule = await history.ruleAt(request, height);
  return rule !== undefined && refusalOfUse(request, rule.cases, rule) === undefined;
}

/** @returns true, or why not */
async function signedBy(
  { certificates }: LogView,
  identities: Identities,
  department: MspId,
  kind: "access-request" | "access-record",
  { certificate, statement, signature }: { certificate: Digest; statement: unknown; signature: string },
): Promise<true | Because> {
  const pem = certificates.get(certificate);
  if (pem === undefined || pem === "") {
    return { code: "BAD_SIGNATURE", said: `its certificate ${certificate} is not there` };
  }
  try {
    await identities.check(department, pem, kind, statement, signature);
    return true;
  } catch (error) {
    if (error instanceof ExchangeError) return { code: error.code, said: error.message };
    throw error;
  }
}

function judgeStreams(department: MspId, records: readonly ViewedRecord[]): Finding[] {
  const closed = new Set(records.map(({ signed }) => openingOf(signed.record)));
  return records
    .filter(({ signed, id }) => signed.record.kind === "opening" && !closed.has(id))
    .map(({ id, position }) => ({ kind: "NOT_CLOSED", department, record: id, position }));
}
