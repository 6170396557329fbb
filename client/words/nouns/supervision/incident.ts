import { type NounWords, said } from "../../noun-words.js";

/** 安全事件 */
export const incident: NounWords = {
  noun: { zh: "安全事件", en: "incident" },
  states: {
    reported: { zh: "待调查", en: "reported" },
    investigating: { zh: "调查中", en: "being investigated" },
    assigned: { zh: "待整改", en: "to be remedied" },
    contested: { zh: "责任待裁定", en: "responsibility contested" },
    remedied: { zh: "整改待认定", en: "remedied, to be closed" },
    closed: { zh: "已办结", en: "closed" },
    rejected: { zh: "不成立", en: "no incident" },
  },
  commands: {
    report: said("报告安全事件", "Report", "Reported", "已报告"),
    investigate: said("开展调查", "Investigate", "Took up the investigation"),
    assign: said("认定责任", "Assign responsibility", "Assigned responsibility"),
    contest: said("提请复核责任", "Contest responsibility", "Contested the responsibility"),
    remedy: said("报告整改", "Report remedy", "Reported the remedy"),
    close: said("办结安全事件", "Close", "Closed", "已办结"),
    reject: said("认定不成立", "Find no incident", "Found no incident"),
    urge: said("督办", "Urge", "Urged"),
  },
  deadlines: {
    incidentInvestigation: { zh: "事件调查", en: "investigation" },
    incidentRemedy: { zh: "事件整改", en: "remedy" },
    incidentClosing: { zh: "事件办结", en: "closing" },
  },
  members: {
    account: { zh: "事件经过", en: "What happened" },
    concerned: { zh: "所涉部门", en: "Department concerned" },
    contested: { zh: "已提请复核", en: "Contested" },
    measures: { zh: "整改措施", en: "What was done" },
    noticed: { zh: "发现时间", en: "Noticed" },
    principle: { zh: "责任原则", en: "By which principle" },
    responsibility: { zh: "责任认定", en: "Responsibility" },
    severity: { zh: "等级", en: "Severity" },
  },
  values: {
    kind: {
      overreach: { zh: "越权使用", en: "use beyond the grant" },
      probing: { zh: "批量探测", en: "probing" },
      leak: { zh: "泄露", en: "leak" },
      tampering: { zh: "篡改", en: "tampering" },
      loss: { zh: "丢失", en: "loss" },
      other: { zh: "其他", en: "other" },
    },
    severity: {
      1: { zh: "一般", en: "1, minor" },
      2: { zh: "较大", en: "2, considerable" },
      3: { zh: "重大", en: "3, major" },
      4: { zh: "特别重大", en: "4, grave" },
    },
    outcome: {
      remedied: { zh: "已整改", en: "remedied" },
      notRemedied: { zh: "未整改", en: "not remedied" },
    },
    principle: {
      manages: { zh: "谁管理谁负责", en: "who manages it answers for it" },
      uses: { zh: "谁使用谁负责", en: "who uses it answers for it" },
    },
  },
};
