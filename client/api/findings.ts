import type { Language, Words } from "@wanlian/protocol/language.js";
import { REASONS } from "@wanlian/words/index.js";
import { isCode, messages } from "../api-document/index.js";
import type { Because, Finding } from "../audit/index.js";

/** One plain sentence on a finding of an audit, for whoever has to answer for it or to ask about it. */
export function findingText(finding: Finding): Words {
  const { department } = finding;
  switch (finding.kind) {
    case "NOT_SHOWN":
      return notShown(department, finding);
    case "OLD_LOG":
      return {
        zh: `${department} 出示的日志只有 ${finding.size} 条，不含本次提问：是提问之前的日志。`,
        en: `${department} shows a log of ${finding.size} entries from before the question that it answers.`,
      };
    case "WITHHELD":
      return finding.record === undefined
        ? {
            zh: `${department} 未出示委托范围内的 ${finding.entries} 条记录，只给出其摘要。`,
            en: `${department} showed ${finding.entries} entries that the mandate covers as hashes alone.`,
          }
        : {
            zh: `${department} 的日志中有此记录，却未出示。`,
            en: `${department} has this record in its log and did not show it.`,
          };
    case "UNREADABLE":
      return {
        zh: `${department} 的日志第 ${finding.position} 条无法解读；请核对软件版本。`,
        en: `Entry ${finding.position} of the log of ${department} is of no kind that this software knows.`,
      };
    case "RECORD_DOUBLED":
      return { zh: `${department} 的日志中此记录出现两次。`, en: `${department} has this record twice in its log.` };
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
    case "LOG_BEGUN_ANEW":
      return {
        zh: `${department} 的日志曾 ${finding.logs} 次无法续记而另起；此前锚定的 ${finding.records} 条记录不再由其出示，以对方的记录为准。`,
        en: `${department} began its log anew ${finding.logs} times, since it could not go on; the ${finding.records} records anchored before are not shown by it any more, and stand with the other sides.`,
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
      return {
        zh: `${department} 签署了两份大小同为 ${finding.size} 而内容不同的日志。`,
        en: `${department} signed two different logs of ${finding.size} entries.`,
      };
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
    case "TIME_DIFFERS":
      return {
        zh: `记录写的账本时间是 ${finding.stated}，核对授权时的账本时间是 ${finding.was}。`,
        en: `States ${finding.stated} as the ledger's time, which was ${finding.was} where the grant was checked.`,
      };
    case "POLICY_DIFFERS":
      return {
        zh: `记录引用政策的第 ${finding.stated} 项行为，当时的现行政策是第 ${finding.was} 项。`,
        en: `Names act ${finding.stated} of the policy, while act ${finding.was} was in force.`,
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
    case "CALL_NOT_GRANTED":
      return {
        zh: `${department} 的日志中有 ${finding.consumer} 经其他途径的一次调用，当时的账本没有授权：${becauseOfGrant(finding.because, "zh")}。`,
        en: `The log of ${department} has a call by ${finding.consumer} over another road that the ledger did not grant at its time: ${becauseOfGrant(finding.because, "en")}.`,
      };
    case "CALL_MISJUDGED":
      return {
        zh: `${department} 写的核对结论是“${becauseOfGrant(finding.stated, "zh")}”，按账本应为“${becauseOfGrant(finding.was, "zh")}”。`,
        en: `${department} says of this call "${becauseOfGrant(finding.stated, "en")}"; by the ledger it is "${becauseOfGrant(finding.was, "en")}".`,
      };
    case "CALL_ONE_SIDED":
      return {
        zh: `${department} 的日志中有此次经其他途径的调用，${finding.other} 的日志中没有，或内容不同。`,
        en: `${department} has this call over another road in its log; ${finding.other} has it not, or otherwise.`,
      };
    case "NOT_CLOSED":
      return {
        zh: `${department} 有一次传输只有开始记录、没有结束记录。`,
        en: `${department} opened a stream and never said how it ended: it broke off.`,
      };
  }
}

/** Empty: it was granted. */
function becauseOfGrant(reason: string, language: Language): string {
  if (reason === "") return { zh: "已授权", en: "granted" }[language];
  const words = REASONS[reason]?.[language] ?? reason;
  // What is to be done about it is for whoever asks, and not for an auditor.
  return words.split(/[；;]/)[0] ?? words;
}

function notShown(department: string, finding: Extract<Finding, { kind: "NOT_SHOWN" }>): Words {
  const { because, shown, size } = finding;
  return size === undefined
    ? {
        zh: `${department} 未出示日志：${reasonZh(because)}。`,
        en: `${department} does not show its log: ${because.said}.`,
      }
    : {
        zh: `${department} 的日志有 ${size} 条，只出示了前 ${shown} 条，其余未能核对：${reasonZh(because)}。`,
        en: `${department} shows the first ${shown} of ${size} entries of its log; the rest could not be checked: ${because.said}.`,
      };
}

/** The particulars are in English; in Chinese the code's own words have to do. */
function reasonZh({ code }: Because): string {
  return isCode(code) ? messages[code].zh : code;
}
