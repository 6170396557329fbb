import { type NounWords, said } from "../noun-words.js";

/** 数据批次 */
export const release: NounWords = {
  noun: { zh: "数据批次", en: "release" },
  states: {
    registered: { zh: "可用", en: "available" },
    withdrawn: { zh: "已停用", en: "out of use" },
  },
  commands: {
    register: said("登记批次", "Register", "Registered", "已登记"),
    explain: said("说明情况", "Explain", "Explained", "已说明"),
    withdraw: said("停用批次", "Take out of use", "Took out of use", "已停用"),
  },
  members: {
    assessment: { zh: "自查评估", en: "Self-check cited" },
    derivation: { zh: "加工说明", en: "What was made of its sources" },
    note: { zh: "备注", en: "Note" },
    period: { zh: "数据期间", en: "Period" },
    rowRoot: { zh: "行的总摘要", en: "Root over rows" },
    selfCheck: { zh: "自查结果", en: "Self-check" },
    stages: { zh: "已过环节", en: "Stages passed" },
  },
};
