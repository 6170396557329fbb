import { type NounWords, said } from "../noun-words.js";

/** 成员 */
export const member: NounWords = {
  noun: { zh: "成员", en: "member" },
  states: {
    active: { zh: "在册", en: "member" },
    departed: { zh: "已退出", en: "left" },
  },
  commands: {
    join: said("加入联盟", "Join", "Joined"),
    update: said("变更责任人", "Change officers", "Changed officers"),
    engage: said("登记运营企业", "Engage operator", "Engaged an operator"),
    dismiss: said("终止运营企业", "End operator's work", "Ended an operator's work"),
    depart: said("注销成员资格", "Close membership", "Closed the membership"),
  },
  members: {
    deputy: { zh: "分管负责人", en: "Deputy" },
    head: { zh: "主要负责人", en: "Head" },
    level: { zh: "层级", en: "Level" },
    operators: { zh: "运营企业", en: "Operators" },
    stewards: { zh: "数据专员", en: "Stewards" },
  },
};
