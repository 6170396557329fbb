import type { Words } from "@wanlian/protocol/language.js";
import type { ConditionCode } from "../core/index.js";

/** What each condition of a node is called; a code without words does not compile. The particulars are in its message. */
export const conditionTitles: Readonly<Record<ConditionCode, Words>> = {
  CATCHING_UP: { zh: "节点正在跟上账本", en: "The node is catching up with the ledger" },
  LEDGER_UNREACHABLE: { zh: "联系不上对等节点", en: "The ledger cannot be reached" },
  LEDGER_DIVERGED: { zh: "对等节点的账本与本节点所见不相接", en: "The peer's chain does not follow from this node's" },
  CLOCK_STALE: { zh: "账本时钟停滞", en: "The ledger's clock stands still" },
  CLOCK_AHEAD: { zh: "账本时钟快于本机时钟", en: "The ledger's clock is ahead of this machine's" },
  STORE_FAILED: { zh: "节点无法写入磁盘或数据库", en: "The node cannot write to its disk or database" },
  SOFTWARE_TOO_OLD: { zh: "软件没有现行版本的规则，须升级", en: "The software lacks the rules in force; upgrade it" },
  EXCHANGE_FAILED: { zh: "数据交换未能启动", en: "The exchange of data could not begin" },
  SOURCE_DIFFERS: { zh: "数据源与登记的批次不符", en: "A source's data is not what was registered" },
  TOO_FEW_ENDORSERS: { zh: "能背书的部门不足", en: "Too few departments can endorse" },
  LOG_NOT_ANCHORED: { zh: "调用日志未能锚定", en: "The log is not anchored" },
  DISK_NEARLY_FULL: { zh: "磁盘将满", en: "The disk is nearly full" },
  LOG_DAMAGED: { zh: "调用日志的文件已损坏", en: "A file of the log of accesses is damaged" },
  CERTIFICATE_ENDS: { zh: "证书即将到期或已到期", en: "A certificate ends soon, or has ended" },
};
