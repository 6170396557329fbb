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
    restrain: said("限制调用", "Restrain", "Restrained"),
    lift: said("解除限制", "Lift restraint", "Lifted the restraint"),
    depart: said("注销成员资格", "Close membership", "Closed the membership"),
  },
  members: {
    company: { zh: "运营企业", en: "Operator company" },
    exchange: { zh: "数据交换地址", en: "Exchange address" },
    deputy: { zh: "分管负责人", en: "Deputy" },
    formerOperators: { zh: "曾任运营企业", en: "Former operators" },
    head: { zh: "主要负责人", en: "Head" },
    level: { zh: "层级", en: "Level" },
    officers: { zh: "企业人员和设备编号", en: "Its people and machines" },
    operators: { zh: "运营企业", en: "Operators" },
    reach: { zh: "限制范围", en: "Of what" },
    restraints: { zh: "调用限制", en: "Restraints" },
    stewards: { zh: "数据专员", en: "Stewards" },
  },
  values: {
    reach: {
      own: { zh: "作出限制部门的数据", en: "its author's data" },
      all: { zh: "全部数据", en: "all data" },
    },
  },
};
