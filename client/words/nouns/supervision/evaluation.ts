import { type NounWords, said } from "../../noun-words.js";

/** 督查评价 */
export const evaluation: NounWords = {
  noun: { zh: "督查评价", en: "evaluation" },
  states: {
    published: { zh: "已公布", en: "published" },
    withdrawn: { zh: "已撤回", en: "withdrawn" },
  },
  commands: {
    publish: said("公布督查评价", "Publish", "Published", "已公布"),
    confirm: said("认可评价数字", "Confirm figures", "Confirmed the figures"),
    contest: said("质疑评价数字", "Contest figures", "Contested the figures"),
    withdraw: said("撤回督查评价", "Take back", "Took back"),
  },
  members: {
    confirmedBy: { zh: "已认可的部门", en: "Confirmed by" },
    contestedBy: { zh: "已质疑的部门", en: "Contested by" },
    figures: { zh: "各部门指标", en: "Figures by department" },
    indicator: { zh: "指标", en: "Indicator" },
    indicators: { zh: "指标版本", en: "Version of the indicators" },
    met: { zh: "达标数", en: "Met" },
    overdue: { zh: "逾期事项数", en: "Dates overdue" },
  },
  values: {
    indicator: {
      listed: { zh: "清单完备", en: "datasets with a release in use" },
      demandMet: { zh: "需求满足", en: "demands matched" },
      replied: { zh: "按期答复", en: "replies in time" },
      verified: { zh: "按期核查", en: "verifications in time" },
      corrected: { zh: "按期更正", en: "corrections in time" },
      fresh: { zh: "数据新鲜", en: "data as fresh as its cycle" },
      passed: { zh: "质量合格", en: "checks passed" },
      unobjected: { zh: "异议不属实", en: "objections not substantiated" },
      useStated: { zh: "按期填报用数", en: "months of use stated in time" },
      effectReported: { zh: "报告应用效果", en: "grants with use reported" },
      remedied: { zh: "事件整改", en: "incidents remedied" },
      anchored: { zh: "按日锚定日志", en: "days with an anchored log" },
    },
  },
};
