import type { Digest, Instant, MspId } from "@wanlian/model/identifiers.js";
import { secondsBetween } from "@wanlian/model/time/instant.js";
import type { Text } from "@wanlian/protocol/language.js";
import type { AccessRecord } from "../access/access-record.js";
import type { Identities } from "../access/identities.js";
import { messages } from "../api/messages.js";
import { ExchangeError } from "../core/exchange-error.js";
import { covers, type LedgerHistory } from "../read/ledger-history.js";
import type { Anchor, LogView, ViewedRecord } from "../read/log-view.js";
import type { Finding } from "./finding.js";

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
    if (checkpoint.size === 0) return [];
    const message = {
      zh: `${department} 的日志有 ${checkpoint.size} 条记录，从未锚定。`,
      en: `${department} has ${checkpoint.size} entries in its log and never anchored one.`,
    };
    return [{ kind: "NOT_ANCHORED", department, message }];
  }
  if (checkpoint.size < last.size) {
    const message = {
      zh: `${department} 在 ${last.transactionId} 锚定了 ${last.size} 条记录，却只出示 ${checkpoint.size} 条。`,
      en: `${department} anchored ${last.size} entries in ${last.transactionId} and shows ${checkpoint.size}.`,
    };
    findings.push({ kind: "LOG_SHRANK", department, message });
  } else if (!(await extendsAnchor(last))) {
    const message = {
      zh: `${department} 出示的日志与其在 ${last.transactionId} 锚定的日志不连续。`,
      en: `The log that ${department} shows does not extend the one it anchored in ${last.transactionId}.`,
    };
    findings.push({ kind: "LOG_REWRITTEN", department, message });
  }
  const now = await history.now();
  if (now !== undefined && secondsBetween(last.time as Instant, now) > ANCHOR_LATE_SECONDS) {
    const message = {
      zh: `${department} 最近一次锚定日志在 ${last.time}；账本时间为 ${now}。`,
      en: `${department} last anchored its log at ${last.time}; the ledger's time is ${now}.`,
    };
    findings.push({ kind: "ANCHOR_LATE", department, message });
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
    const message = {
      zh: `${request.consumer} 没有经办人签名此次调用：${byOfficer.zh}。`,
      en: `No officer of ${request.consumer} signed this access: ${byOfficer.en}.`,
    };
    findings.push({ kind: "REQUEST_FORGED", message, ...about });
  }
  if (byNode !== true) {
    const message = {
      zh: `此记录不是 ${request.provider} 的节点签名的：${byNode.zh}。`,
      en: `The node of ${request.provider} did not sign this record: ${byNode.en}.`,
    };
    findings.push({ kind: "RECORD_FORGED", message, ...about });
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
  const findings: Finding[] = [];
  const find = (kind: Finding["kind"], message: Text) =>
    findings.push({ kind, message, department, record: id, position });
  if ((await history.blockHash(height - 1)) !== block) {
    find("CHAIN_DIFFERS", {
      zh: `检查所依据的区块 ${height - 1}（哈希 ${block}）在账本上不存在。`,
      en: `Checked against block ${height - 1} with hash ${block}, which the ledger does not have.`,
    });
  }
  // The last anchor before it was in the log: the node knew that much of the ledger when it filed the record.
  const known = anchors.filter(({ size }) => size <= position).at(-1);
  if (known !== undefined && height < known.blocks) {
    find("OLD_HEIGHT", {
      zh: `按高度 ${height} 检查，而其日志上一次锚定时已有 ${known.blocks} 个区块。`,
      en: `Checked at height ${height}, though its log's previous anchor already had ${known.blocks} blocks.`,
    });
  }
  if (isServed(record) && !(await wasGranted(record, Math.max(height, known?.blocks ?? 0), history))) {
    find("NOT_GRANTED", {
      zh: `账本没有授权却提供了数据：授权 ${record.request.grant}。`,
      en: `Served although the ledger did not grant it: grant ${record.request.grant}.`,
    });
  }
  return findings;
}

/** An opening let data out, however it ended. */
function isServed({ kind, result }: AccessRecord): boolean {
  return result === "served" || (kind === "opening" && result === "opened");
}

async function wasGranted({ request }: AccessRecord, height: number, history: LedgerHistory): Promise<boolean> {
  const grant = await history.grantAt(request.grant, height);
  return grant !== undefined && covers(grant, request);
}

/** @returns true, or why not */
async function signedBy(
  { certificates }: LogView,
  identities: Identities,
  department: MspId,
  kind: "access-request" | "access-record",
  { certificate, statement, signature }: { certificate: Digest; statement: unknown; signature: string },
): Promise<true | Text> {
  const pem = certificates.get(certificate);
  if (pem === undefined || pem === "")
    return { zh: `缺少其证书 ${certificate}`, en: `its certificate ${certificate} is not there` };
  try {
    await identities.check(department, pem, kind, statement, signature);
    return true;
  } catch (error) {
    if (error instanceof ExchangeError) return { zh: messages[error.code].zh, en: error.message };
    throw error;
  }
}

function judgeStreams(department: MspId, records: readonly ViewedRecord[]): Finding[] {
  const closed = new Set(records.map(({ signed }) => signed.record.opening));
  return records
    .filter(({ signed, id }) => signed.record.kind === "opening" && !closed.has(id))
    .map(({ id, position }) => {
      const message = {
        zh: `${department} 开始了一次传输，从未说明如何结束：已中断。`,
        en: `${department} opened a stream and never said how it ended: it broke off.`,
      };
      return { kind: "NOT_CLOSED", department, message, record: id, position };
    });
}
