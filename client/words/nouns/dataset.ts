import { type NounWords, said } from "../noun-words.js";

/** 数据资源 */
export const dataset: NounWords = {
  noun: { zh: "数据资源", en: "dataset" },
  states: {
    registered: { zh: "已登记", en: "listed" },
    withdrawn: { zh: "已撤下", en: "withdrawn" },
  },
  commands: {
    register: said("登记数据资源", "Register", "Registered", "已登记"),
    revise: said("修订目录条目", "Revise", "Revised", "已修订"),
    withdraw: said("撤下数据资源", "Withdraw", "Withdrew", "已撤下"),
  },
  members: {
    abstract: { zh: "简介", en: "Abstract" },
    category: { zh: "目录分类", en: "Category" },
    changes: { zh: "修订说明", en: "What changes" },
    class: { zh: "类型", en: "Class" },
    classified: { zh: "列入类目", en: "Classified" },
    format: { zh: "格式", en: "Format" },
    grade: { zh: "分级", en: "Grade" },
    lifeCycle: { zh: "各环节责任", en: "Life cycle" },
    meaning: { zh: "含义", en: "Meaning" },
    mode: { zh: "共享方式", en: "Mode" },
    open: { zh: "开放属性", en: "Open class" },
    published: { zh: "发布日期", en: "Published" },
    quality: { zh: "质量标准", en: "Quality standard" },
    relatedCode: { zh: "关联资源代码", en: "Related code" },
    rule: { zh: "规则", en: "Rule" },
    sensitivity: { zh: "敏感级别", en: "Sensitivity" },
    share: { zh: "共享属性", en: "Share class" },
    since: { zh: "自", en: "Since" },
    sourceSystem: { zh: "来源系统", en: "Source system" },
    standard: { zh: "适用标准", en: "Standard" },
    type: { zh: "数据类型", en: "Type" },
    unit: { zh: "责任处室", en: "Unit" },
    updateCycle: { zh: "更新周期", en: "Update cycle" },
  },
};
