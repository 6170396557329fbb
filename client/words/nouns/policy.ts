import { type NounWords, said } from "./noun-words.js";

/** 政策 */
export const policy: NounWords = {
  noun: { zh: "政策", en: "policy" },
  states: {
    inForce: { zh: "现行", en: "in force" },
  },
  commands: {
    open: said("开通通道", "Open channel", "Opened the channel"),
    amend: said("修订政策", "Amend policy", "Amended the policy"),
    announce: said("公布工作日历", "Announce calendar", "Announced the calendar"),
    handOver: said("移交数据局职责", "Offer bureau's role", "Offered the bureau's role", "已提出移交数据局职责"),
    takeOver: said("接任数据局职责", "Take over bureau's role", "Took over the bureau's role"),
  },
  members: {
    admittedBy: { zh: "接纳提议", en: "Admitted by motion" },
    announced: { zh: "公布时间", en: "Announced" },
    article: { zh: "条款", en: "Article" },
    atMost: { zh: "最多未回签条数", en: "Missing at most" },
    bureau: { zh: "数据局", en: "Data bureau" },
    calendar: { zh: "工作日历", en: "Working-day calendar" },
    countersigning: { zh: "回签要求", en: "Countersigning" },
    demo: { zh: "演示通道", en: "Demonstration channel" },
    emergency: { zh: "应急绿色通道", en: "Emergency channel" },
    endorsers: { zh: "背书部门数", en: "Endorsing departments" },
    founders: { zh: "发起成员", en: "Founders" },
    holidays: { zh: "节假日", en: "Holidays" },
    laterNotices: { zh: "日历后来调整时", en: "When the calendar changes later" },
    legalBases: { zh: "依据登记册", en: "Register of legal bases" },
    makeUpDays: { zh: "调休上班日", en: "Make-up days" },
    maxCalendarDays: { zh: "最长天数", en: "Longest, in days" },
    model: { zh: "规则版本", en: "Model" },
    notice: { zh: "通知文号", en: "Notice" },
    offered: { zh: "拟接任部门", en: "Offered to" },
    opened: { zh: "开通日期", en: "Opened" },
    profile: { zh: "规则依据", en: "Profile" },
    qualityThresholds: { zh: "质量门槛", en: "Quality thresholds" },
    releaseSelfCheck: { zh: "登记批次的自查条件", en: "Self-check before a release" },
    title: { zh: "标题", en: "Title" },
    verificationExtension: { zh: "核查延长", en: "Extension of verification" },
    versions: { zh: "版本", en: "Versions" },
    withinMinutes: { zh: "回签时限（分钟）", en: "Within (minutes)" },
    year: { zh: "年度", en: "Year" },
  },
  values: {
    releaseSelfCheck: {
      required: { zh: "须先自查合格，或说明不足", en: "needs one that passed, or that says what falls short" },
    },
  },
};
