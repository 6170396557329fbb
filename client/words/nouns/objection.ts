import { type NounWords, said } from "../noun-words.js";

/** 异议 */
export const objection: NounWords = {
  noun: { zh: "异议", en: "objection" },
  states: {
    raised: { zh: "待受理", en: "raised" },
    verifying: { zh: "核查中", en: "being verified" },
    correcting: { zh: "待更正", en: "to be corrected" },
    corrected: { zh: "更正待认可", en: "corrected, to be confirmed" },
    answered: { zh: "结论待认可", en: "concluded, to be confirmed" },
    disputed: { zh: "待裁定", en: "disputed" },
    closed: { zh: "已办结", en: "closed" },
    withdrawn: { zh: "已撤回", en: "withdrawn" },
    discontinued: { zh: "已终止", en: "discontinued" },
  },
  commands: {
    raise: said("提出异议", "Raise", "Raised", "已提出"),
    accept: said("受理异议", "Accept", "Accepted", "已受理"),
    extend: said("延长核查", "Extend", "Extended"),
    conclude: said("作出结论", "Conclude", "Concluded", "已作结论"),
    correct: said("更正数据", "Correct", "Corrected", "已更正"),
    confirm: said("认可结果", "Confirm", "Confirmed", "已认可"),
    close: said("办结逾期未认可", "Close unconfirmed", "Closed, unconfirmed"),
    dispute: said("提请裁定", "Dispute", "Disputed"),
    settle: said("裁定", "Settle", "Settled"),
    notReceived: said("声明未收到结论", "Conclusion not received", "Said that the conclusion did not come"),
    withdraw: said("撤回异议", "Take back", "Took back"),
    urge: said("督办", "Urge", "Urged"),
    discontinue: said("终止办理", "Discontinue", "Discontinued"),
  },
  deadlines: {
    objectionVerification: { zh: "异议核查", en: "verification" },
    objectionCorrection: { zh: "更正数据", en: "correction" },
    objectionConfirmation: { zh: "认可结果", en: "confirmation" },
    disputeSettlement: { zh: "裁定", en: "settlement" },
  },
  members: {
    claim: { zh: "异议内容", en: "Claim" },
    corrections: { zh: "更正批次", en: "Correcting releases" },
    disputes: { zh: "提请裁定次数", en: "Disputes" },
    evidence: { zh: "证据摘要（SHA-256）", en: "Evidence (SHA-256)" },
    extended: { zh: "已延长", en: "Extended" },
    objector: { zh: "异议部门", en: "Objector" },
    rowCount: { zh: "行数", en: "Number of rows" },
    settled: { zh: "裁定", en: "Settled" },
  },
};
