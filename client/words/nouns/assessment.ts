import { type NounWords, said } from "../noun-words.js";

/** 质量评估 */
export const assessment: NounWords = {
  noun: { zh: "质量评估", en: "quality assessment" },
  states: {
    stated: { zh: "已登记", en: "stated" },
    withdrawn: { zh: "已撤回", en: "withdrawn" },
  },
  commands: {
    state: said("登记质量评估", "State assessment", "Stated an assessment"),
    withdraw: said("撤回质量评估", "Take back", "Took back"),
  },
  members: {
    engine: { zh: "检查引擎", en: "Engine" },
    errors: { zh: "不合格（错误级）", en: "Failed, of severity error" },
    failed: { zh: "不合格", en: "Failed" },
    outcomes: { zh: "规则检查结果", en: "What became of the rules" },
    passed: { zh: "合格", en: "Passed" },
    report: { zh: "报告摘要", en: "Digest of the report" },
    revision: { zh: "修订号", en: "Revision" },
    scores: { zh: "各维度得分", en: "Scores" },
    shortfall: { zh: "不足说明", en: "What falls short" },
    total: { zh: "总计", en: "Total" },
  },
  values: {
    kind: {
      selfCheck: { zh: "自查", en: "self-check" },
      acceptance: { zh: "验收", en: "acceptance check" },
    },
  },
};
