import type { Words } from "@wanlian/protocol/language.js";
import { isCode, messages } from "../api-document/index.js";
import type { Because, Finding } from "../audit/index.js";

/** One plain sentence on a finding of an audit, for whoever has to answer for it or to ask about it. */
export function findingText(finding: Finding): Words {
  const { department } = finding;
  switch (finding.kind) {
    case "NOT_SHOWN":
    case "LOG_DAMAGED":
      return {
        zh: `${department} 的日志无法核对：${reasonZh(finding.because)}。`,
        en: `The log of ${department} cannot be checked: ${finding.because.said}.`,
      };
    case "NOT_ANCHORED":
      return finding.entries === 0
        ? { zh: `${department} 在账本上没有日志。`, en: `${department} has no log on the ledger.` }
        : {
            zh: `${department} 的日志有 ${finding.entries} 条记录，从未锚定。`,
            en: `${department} has ${finding.entries} entries in its log and never anchored one.`,
          };
    case "LOG_SHRANK":
      return {
        zh: `${department} 在 ${finding.anchor} 锚定了 ${finding.anchored} 条记录，却只出示 ${finding.shown} 条。`,
        en: `${department} anchored ${finding.anchored} entries in ${finding.anchor} and shows ${finding.shown}.`,
      };
    case "LOG_REWRITTEN":
      return {
        zh: `${department} 出示的日志与其在 ${finding.anchor} 锚定的日志不连续。`,
        en: `The log that ${department} shows does not extend the one it anchored in ${finding.anchor}.`,
      };
    case "TWO_LOGS":
      return twoLogs(department, finding);
    case "ANCHOR_LATE":
      return {
        zh: `${department} 最近一次锚定日志在 ${finding.anchored}；账本时间为 ${finding.now}。`,
        en: `${department} last anchored its log at ${finding.anchored}; the ledger's time is ${finding.now}.`,
      };
    case "RECORD_DROPPED":
      return finding.side === "provider"
        ? {
            zh: `${finding.holder} 持有 ${department} 的节点签名的记录，而 ${department} 的日志中没有。`,
            en: `${finding.holder} has a record that the node of ${department} signed and that its log lacks.`,
          }
        : {
            zh: `${department} 已回签此记录，其日志中却没有。`,
            en: `${department} countersigned a record that its log lacks.`,
          };
    case "NOT_COUNTERSIGNED":
      return {
        zh: `${finding.provider} 有一条记录，${department} 既没有回签，其日志中也没有。`,
        en: `${finding.provider} has a record that ${department} neither countersigned nor has in its log.`,
      };
    case "REQUEST_FORGED":
      return {
        zh: `此次调用没有 ${finding.consumer} 经办人的签名：${reasonZh(finding.because)}。`,
        en: `No officer of ${finding.consumer} signed this access: ${finding.because.said}.`,
      };
    case "RECORD_FORGED":
      return {
        zh: `此记录没有 ${finding.provider} 节点的签名：${reasonZh(finding.because)}。`,
        en: `The node of ${finding.provider} did not sign this record: ${finding.because.said}.`,
      };
    case "CHAIN_DIFFERS":
      return {
        zh: `核对授权所据的区块 ${finding.block}（摘要 ${finding.hash}）不在账本上。`,
        en: `Checked against block ${finding.block} with hash ${finding.hash}, which the ledger does not have.`,
      };
    case "OLD_HEIGHT":
      return {
        zh: `核对授权时只用到前 ${finding.height} 个区块，而上次锚定时已有 ${finding.known} 个。`,
        en: `Checked at height ${finding.height}, though its log's previous anchor already had ${finding.known} blocks.`,
      };
    case "NOT_GRANTED":
      return {
        zh: `账本没有授权却提供了数据：授权 ${finding.grant}。`,
        en: `Served although the ledger did not grant it: grant ${finding.grant}.`,
      };
    case "NOT_CLOSED":
      return {
        zh: `${department} 有一次传输只有开始记录、没有结束记录。`,
        en: `${department} opened a stream and never said how it ended: it broke off.`,
      };
  }
}

function twoLogs(department: string, { size, entry }: { size: number; entry: number | undefined }): Words {
  const where =
    entry === undefined
      ? { zh: `大小为 ${size} 时`, en: `at size ${size}` }
      : { zh: `第 ${entry} 条`, en: `at entry ${entry}` };
  return {
    zh: `${department} 出示了两份不同的日志（${where.zh}不同）；两份都有签名。`,
    en: `${department} showed two different logs, ${where.en}; both are signed.`,
  };
}

/** The particulars are in English; in Chinese the code's own words have to do. */
function reasonZh({ code }: Because): string {
  return isCode(code) ? messages[code].zh : code;
}
