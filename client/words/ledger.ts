import type { Words } from "@wanlian/protocol/language.js";

/** Fabric's validation codes that people meet, in plain words; the number stands beside them. */
export const VALIDATION: Readonly<Record<number, Words>> = {
  0: { zh: "有效", en: "valid" },
  1: { zh: "内容为空", en: "nothing in it" },
  2: { zh: "内容无法解读", en: "cannot be read" },
  3: { zh: "抬头无法解读", en: "its header cannot be read" },
  4: { zh: "提交人签名不符", en: "not signed by whom it names" },
  5: { zh: "背书无法解读", en: "its endorsements cannot be read" },
  6: { zh: "配置变更不合规则", en: "a change of configuration that the rules refuse" },
  7: { zh: "不认识的交易种类", en: "a kind of transaction that is not known" },
  8: { zh: "交易编号不符", en: "its number is not its own" },
  9: { zh: "交易编号重复", en: "its number stands on the ledger already" },
  10: { zh: "背书部门不足", en: "too few departments endorsed it" },
  11: { zh: "所据事项已有变动", en: "what it was decided on had changed" },
  12: { zh: "所占编号已被占用", en: "another act had come first" },
  13: { zh: "不认识的交易种类", en: "a kind of transaction that is not known" },
  14: { zh: "不属于本通道", en: "of another channel" },
  16: { zh: "没有写明操作", en: "it says nothing to do" },
  18: { zh: "合约版本不符", en: "of another version of the contracts" },
  19: { zh: "抬头不合规则", en: "its header is not in form" },
  20: { zh: "通道抬头不合规则", en: "its channel header is not in form" },
  21: { zh: "背书内容不一致", en: "endorsers found different things" },
  22: { zh: "读写内容无法解读", en: "what it reads and writes cannot be read" },
  23: { zh: "写入不允许写的内容", en: "it writes what may not be written" },
  24: { zh: "写入内容不合规则", en: "what it writes is not in form" },
  25: { zh: "合约不存在", en: "there is no such contract" },
  254: { zh: "尚未验证", en: "not validated yet" },
  255: { zh: "因其他原因未通过", en: "refused for another reason" },
};

/** Kinds of transactions by Fabric's header types. */
export const TRANSACTION_KINDS: Readonly<Record<number, Words>> = {
  1: { zh: "通道配置", en: "channel configuration" },
  2: { zh: "配置变更申请", en: "change of configuration" },
  3: { zh: "行为", en: "act" },
};

/** What alarms are about. */
export const ALARMS: Readonly<Record<string, Words>> = {
  VOID_ACT: { zh: "无效行为", en: "Void act" },
  KEY_OUTSIDE_ACTS: { zh: "行为以外的写入", en: "Writes beside acts" },
  CONFIGURATION_BEYOND_ACTS: { zh: "配置超出成员决定", en: "Configuration beyond what members decided" },
  CONFIGURATION_BEHIND_ACTS: { zh: "配置尚未跟上成员决定", en: "Configuration behind what members decided" },
  LEDGER_SPLIT: { zh: "账本不一致", en: "Ledgers differ" },
  TWO_LOGS: { zh: "两份日志", en: "Two logs" },
  LOG_REWRITTEN: { zh: "日志被改写", en: "Log rewritten" },
  ANCHOR_LATE: { zh: "锚定迟延", en: "Anchor late" },
  NOT_ANCHORED: { zh: "从未锚定", en: "Never anchored" },
  RECEIPTS_MISSING: { zh: "未回签", en: "Receipts missing" },
};
