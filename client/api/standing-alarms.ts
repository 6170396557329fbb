import type { Words } from "@wanlian/protocol/language.js";
import type { StandingAlarm } from "../core/index.js";

/** One plain sentence on what this node has found out of another department. */
export function standingText(alarm: StandingAlarm): Words {
  const { department } = alarm;
  switch (alarm.kind) {
    case "LEDGER_SPLIT":
      return {
        zh: `${department} 锚定的账本与本节点不一致（前${alarm.blocks}个区块，交易 ${alarm.transactionId}）；请与其他部门对照`,
        en: `${department} anchored another ledger than this node's (of ${alarm.blocks} blocks, transaction ${alarm.transactionId}); compare with others`,
      };
    case "TWO_LOGS":
      return {
        zh: `${department} 签署了两份互相矛盾的调用日志；请查两份签名`,
        en: `${department} signed two logs that cannot both be; its two signatures prove it`,
      };
    case "LOG_REWRITTEN":
      return {
        zh: `${department} 出示的调用日志与其锚定的${alarm.anchored}条不衔接；请追查该部门`,
        en: `${department} signed a log that is not the one of ${alarm.anchored} entries that it anchored; have it explained`,
      };
    case "ANCHOR_LATE":
      return {
        zh: `${department} 的日志锚定迟延：最近一次在 ${alarm.anchored}`,
        en: `${department} is late in anchoring its log: the last time was ${alarm.anchored}`,
      };
    case "RECEIPTS_MISSING": {
      const { records, oldest, providers } = alarm;
      return {
        zh: `据 ${providers.join("、")} 的节点，${department} 有${records}条记录未回签，最早的提供于 ${oldest}；请该部门查明`,
        en: `by the word of ${providers.join(", ")}, ${department} has not countersigned ${records} records, the oldest of ${oldest}; have it look`,
      };
    }
    case "NOT_ANCHORED":
      return { zh: `${department} 的日志从未锚定`, en: `${department} never anchored its log` };
  }
}
