import { type NounWords, said } from "../../noun-words.js";

/** 月度用数统计 */
export const usage: NounWords = {
  noun: { zh: "月度用数统计", en: "usage statement" },
  states: {
    stated: { zh: "已填报", en: "stated" },
  },
  commands: {
    state: said("填报月度用数", "State month", "Stated the month"),
    amend: said("补充或更正用数", "Amend figures", "Amended the figures"),
  },
  members: {
    call: { zh: "调用类型", en: "Type of access" },
    counterpart: { zh: "对方部门", en: "Counterpart" },
    counts: { zh: "各项数量", en: "Figures" },
    first: { zh: "首次填报时间", en: "First stated" },
    lines: { zh: "各数据资源与对方", en: "By dataset and counterpart" },
    log: { zh: "所据日志范围", en: "Range of the log" },
    month: { zh: "月份", en: "Month" },
    refused: { zh: "未提供次数", en: "Not served" },
    served: { zh: "已提供次数", en: "Served" },
    side: { zh: "本方", en: "Side" },
    statements: { zh: "填报次数", en: "Acts in which it was stated" },
  },
  values: {
    call: {
      lookup: { zh: "查询", en: "look-up" },
      verification: { zh: "核验", en: "check" },
      download: { zh: "下载", en: "download" },
      comparison: { zh: "比对", en: "comparison" },
    },
    side: {
      provided: { zh: "提供", en: "provided" },
      used: { zh: "使用", en: "used" },
    },
  },
};
