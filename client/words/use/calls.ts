import type { Words } from "@wanlian/protocol/language.js";

/** Of the page of calls over other roads. */
export const CALL_PAGE = {
  "calls.title": { zh: "经平台或文件的调用", en: "Calls over the platform or by files" },
  "calls.about": {
    zh: "调用是否发生，是平台或经办人的说法；授权核对按调用当时的账本，精确到账本时钟的5分钟；对方核对由对方部门的节点答复。",
    en: "That a call took place is the word of the platform or of officers. It is held against the ledger of its time, to five minutes of the ledger's clock; the other department's node says whether it has it alike.",
  },
  "calls.pick": { zh: "显示", en: "Shown" },
  "calls.pick.all": { zh: "全部", en: "All" },
  "calls.pick.withoutGrant": { zh: "无授权", en: "Without a grant" },
  "calls.pick.lacks": { zh: "对方没有记录", en: "Other side lacks it" },
  "calls.pick.differs": { zh: "与对方不一致", en: "Other side differs" },
  "calls.pick.open": { zh: "待对方核对", en: "Not answered" },
  "calls.list": { zh: "本节点日志中的调用", en: "In this node's log" },
  "calls.lacking": { zh: "对方有而本节点没有的调用", en: "The other side has it, and this log lacks it" },
  "calls.notes": { zh: "漏报、重复、迟报、改动和未收", en: "Missing, doubled, late, altered, not taken" },
  "calls.none": { zh: "没有记录", en: "None" },
  "calls.road": { zh: "交换途径", en: "Road" },
  "calls.number": { zh: "流水号", en: "Number" },
  "calls.ledger": { zh: "授权核对", en: "By the ledger" },
  "calls.granted": { zh: "已授权", en: "Granted" },
  "calls.otherSide": { zh: "对方核对", en: "Other side" },
  "calls.toldBy": { zh: "对方部门", en: "Told by" },
  "calls.source": { zh: "出处", en: "Source" },
  "calls.what": { zh: "情况", en: "What" },
} as const;

/** What the other side of a call over another road says of it. */
export const OTHER_SIDES: Readonly<Record<string, Words>> = {
  open: { zh: "待对方核对", en: "Not answered yet" },
  agrees: { zh: "双方一致", en: "Both sides agree" },
  differs: { zh: "与对方不一致", en: "The other side has it otherwise" },
  lacks: { zh: "对方没有记录", en: "The other side lacks it" },
};

/** What came over another road and was worth a note, with what to do. */
export const CALL_NOTES: Readonly<Record<string, Words>> = {
  TOO_LONG: { zh: "记录过长，未收；请平台拆分", en: "Too long, not taken; have the platform shorten it" },
  NOT_TEXT: { zh: "编码不符，未收；请核对编码", en: "Not in the encoding set, not taken; check it" },
  MALFORMED: { zh: "格式有误，未收；请平台改正", en: "Malformed, not taken; have the platform mend it" },
  MEMBER_MISSING: { zh: "缺少必填项，未收；请核对映射", en: "A member is missing, not taken; check the mapping" },
  MEMBER_WRONG: { zh: "内容不合规定，未收；请核对映射", en: "A member does not fit, not taken; check the mapping" },
  NOT_A_PARTY: { zh: "与本部门无关，未收", en: "Not of this department, not taken" },
  BEFORE_LEDGER: { zh: "早于账本，未收", en: "From before the ledger began, not taken" },
  TIME_AHEAD: { zh: "晚于账本时间，未收；请稍后重发", en: "Ahead of the ledger's time, not taken; send it later" },
  DOUBLED: { zh: "重复，只记一次", en: "Came twice, stands once" },
  ALTERED: {
    zh: "与已记的内容不同，另记一条；请平台说明",
    en: "Not what came before, stands beside it; ask the platform",
  },
  ALTERED_AGAIN: { zh: "内容多次改变，未再记；请平台说明", en: "Altered again, not taken; ask the platform" },
  LATE: { zh: "迟报；请平台说明", en: "Late; ask the platform" },
  GAP: { zh: "流水号不连续，有漏报；请平台补报", en: "Serial numbers are missing; ask the platform for them" },
  FILE_SHRANK: {
    zh: "文件变短，停止读取；请换文件名重发",
    en: "The file became shorter and is left alone; use another name",
  },
};
