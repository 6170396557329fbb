import type { Words } from "@wanlian/protocol/language.js";

/** How each indicator is counted: 督查 shows it beside the figure. The rules are in the model, version 1 of the indicators. */
export const HOW_COUNTED: Readonly<Record<string, Words>> = {
  listed: {
    zh: "期末已登记的数据资源中，有可用批次的",
    en: "of the datasets listed at the end of the period, those with a release in use",
  },
  demandMet: {
    zh: "期间内向本部门发布的需求中，已对接的",
    en: "of the demands put to the department in the period, those matched",
  },
  replied: {
    zh: "期间内到期的答复（申请、续期、建议、需求）中，按期作出的",
    en: "of the replies due in the period (applications, renewals, suggestions, demands), those given in time",
  },
  verified: {
    zh: "期间内到期的异议核查中，按期作出结论的",
    en: "of the verifications of objections due in the period, those concluded in time",
  },
  corrected: {
    zh: "期间内到期的数据更正中，按期完成的",
    en: "of the corrections due in the period, those made in time",
  },
  fresh: {
    zh: "期末有更新周期的数据资源中，最新批次未超过周期的",
    en: "of the datasets with an update cycle, those whose last release is no older than that at the end of the period",
  },
  passed: {
    zh: "期间内登记的质量检查中，合格的",
    en: "of the checks of its data stated in the period, those passed",
  },
  unobjected: {
    zh: "期间内作出结论的异议中，不属实的",
    en: "of the objections to its data concluded in the period, those not substantiated",
  },
  useStated: {
    zh: "期间内应填报的用数月份中，月末后15日内填报的",
    en: "of the months of use due in the period, those stated within 15 days of their end",
  },
  effectReported: {
    zh: "期间内持有的授权中，报告过使用情况的",
    en: "of the grants held in the period, those on which use was reported",
  },
  remedied: {
    zh: "期间内认定由本部门负责的事件中，已整改的",
    en: "of the incidents assigned to the department in the period, those remedied",
  },
  anchored: {
    zh: "期间内日志已启用的日子中，锚定过日志的",
    en: "of the days of the period on which its log was open, those on which it was anchored",
  },
};

/** What the report of a period says, on the page and on paper; and the pages about use and incidents. */
export const SUPERVISION_REPORT = {
  "nav.incidents": { zh: "安全事件", en: "Incidents" },
  "nav.cityUse": { zh: "全市用数", en: "The city's use" },
  "nav.usage": { zh: "用数填报", en: "Statements of use" },
  "nav.supervision": { zh: "督查评价", en: "Supervision" },
  "supervision.title": { zh: "督查评价", en: "Supervision" },
  "supervision.pdf": { zh: "下载 PDF", en: "Download PDF" },
  "supervision.report": { zh: "督查报告", en: "Supervision report" },
  "supervision.reportOf": { zh: "督查报告：{{whose}}", en: "Supervision report: {{whose}}" },
  "supervision.city": { zh: "全市", en: "the whole city" },
  "supervision.period": { zh: "期间", en: "Period" },
  "supervision.periodText": { zh: "{{from}}至{{to}}", en: "{{from}} to {{to}}" },
  "supervision.about": {
    zh: "数字由{{node}}的节点只按账本计算，账本时间{{time}}。账本相同的节点得出的数字完全一致；每项写“达标数/总数”，总数为0的写“—”。",
    en: "Computed by the node of {{node}} from the ledger alone, ledger time {{time}}. Nodes with the same ledger get the same figures, to the digit. Each is “met/of”; “—” stands where there was nothing to count.",
  },
  "supervision.indicator": { zh: "指标", en: "Indicator" },
  "supervision.figure": { zh: "达标/总数", en: "Met / of" },
  "supervision.share": { zh: "占比", en: "Share" },
  "supervision.cityFigure": { zh: "全市", en: "City" },
  "supervision.how": { zh: "计算方法", en: "How it is counted" },
  "supervision.figures": { zh: "指标", en: "Indicators" },
  "supervision.byDepartment": { zh: "各部门指标", en: "Indicators by department" },
  "supervision.department": { zh: "部门", en: "Department" },
  "supervision.overdue": { zh: "逾期清单", en: "Overdue" },
  "supervision.overdue.about": {
    zh: "期末期限已过而未办的事项",
    en: "Dates that had passed at the end of the period without what was due",
  },
  "supervision.overdue.none": { zh: "期末没有逾期事项", en: "Nothing was overdue at the end of the period" },
  "supervision.matter": { zh: "事项", en: "Matter" },
  "supervision.deadline": { zh: "期限种类", en: "What was due" },
  "supervision.due": { zh: "截止日", en: "Due" },
  "supervision.published": { zh: "公布与核对", en: "What was published, and who confirms it" },
  "supervision.published.none": {
    zh: "数据局尚未公布此期间的督查评价",
    en: "The bureau has not published an evaluation of this period",
  },
  "supervision.publication": { zh: "{{time}}公布（{{case}}）", en: "Published {{time}} ({{case}})" },
  "supervision.status": { zh: "状态", en: "State" },
  "supervision.digest": { zh: "公布的摘要", en: "Published digest" },
  "supervision.ownDigest": { zh: "本节点的摘要", en: "This node's digest" },
  "supervision.overdueCount": { zh: "公布的逾期数", en: "Overdue as published" },
  "supervision.verdict": { zh: "本节点核对", en: "Checked by this node" },
  "supervision.same": { zh: "一致", en: "the same" },
  "supervision.different": { zh: "不一致", en: "NOT the same" },
  "supervision.differences": { zh: "不一致的数字", en: "Figures that differ" },
  "supervision.publishedFigure": { zh: "公布", en: "Published" },
  "supervision.computedFigure": { zh: "本节点计算", en: "This node's" },
  "supervision.said": { zh: "部门意见", en: "What its node says" },
  "supervision.confirmed": { zh: "认可", en: "confirms" },
  "supervision.contested": { zh: "质疑", en: "contests" },
  "supervision.nothing": { zh: "未表示", en: "has said nothing" },
  "supervision.saidAt": { zh: "时间", en: "When" },
  "supervision.itsFigure": { zh: "所指数字", en: "Figure it names" },
  "supervision.pageOf": { zh: "第{{page}}页，共{{pages}}页", en: "Page {{page}} of {{pages}}" },

  "cityUse.title": { zh: "全市用数", en: "The city's use" },
  "cityUse.about": {
    zh: "按月汇总各部门填报的用数，各节点所见相同，不含任何单条记录。双方数量不一致或一方尚未填报的，取较大的数并列为未确认。",
    en: "What departments state of their use, added up by month: the same at every node, and no single record. Where two sides differ, or one has not stated it yet, the greater figure counts and is listed as not confirmed.",
  },
  "cityUse.trend": { zh: "按月趋势与合计", en: "Trend and totals by month" },
  "cityUse.none": { zh: "还没有部门填报用数", en: "No department has stated its use yet" },
  "cityUse.unconfirmed": { zh: "其中未确认", en: "Not confirmed" },

  "usage.title": { zh: "用数填报", en: "Statements of use" },
  "usage.about": {
    zh: "每月结束后，各部门按本节点日志填报提供和使用的数量。数量由日志算出，无须录入；双方数量不一致的，各节点都列出。",
    en: "Once a month is over, each department states what it gave and got. The figures come from the node's own log, nobody types them; where two sides differ, every node shows it.",
  },
  "usage.month": { zh: "月份", en: "Month" },
  "usage.own": { zh: "本部门用数", en: "Our own use" },
  "usage.allStated": {
    zh: "与本节点日志一致，没有需要填报的",
    en: "As the node's log has it: there is nothing to state",
  },
  "usage.notStated": {
    zh: "日志中有尚未填报或与填报不同的内容（{{lines}}项）",
    en: "The log has what was not stated, or otherwise ({{lines}})",
  },
  "usage.leftOut": {
    zh: "{{count}}种口径未列入：一项数据资源与一个部门之间超过50种的，次数最少的不列；平台未写明用途或场景的不列",
    en: "{{count}} kinds of use are left out: beyond 50 of one dataset by one department the least used, and a platform's without purpose or scenario",
  },
  "usage.parts": { zh: "内容较多，须分{{count}}次填报", en: "Too much for one filing: it takes {{count}}" },
  "usage.none": { zh: "这个月没有提供或使用数据", en: "No data was given or got in this month" },
  "usage.what": { zh: "类型、用途、场景", en: "Type, purpose, scenario" },
  "usage.differences": { zh: "双方填报不一致", en: "Where two sides differ" },
  "usage.differences.none": {
    zh: "双方都已填报的用数中没有不一致",
    en: "Nothing differs where both sides have stated the month",
  },
  "usage.provider": { zh: "提供部门", en: "Provider" },
  "usage.consumer": { zh: "使用部门", en: "Consumer" },
  "usage.provided": { zh: "提供方填报（次数/行）", en: "Provider states (times / rows)" },
  "usage.used": { zh: "使用方填报（次数/行）", en: "Consumer states (times / rows)" },
  "usage.stated": { zh: "各部门填报情况", en: "Who has stated it" },
  "usage.stated.state": { zh: "是否填报", en: "Stated" },
  "usage.stated.yes": { zh: "已填报", en: "stated" },
  "usage.stated.no": { zh: "未填报", en: "not stated" },
  "usage.stated.first": { zh: "首次填报", en: "First stated" },
  "usage.stated.due": { zh: "{{day}}截止", en: "due {{day}}" },
  "usage.stated.case": { zh: "填报内容", en: "What it states" },

  "incident.concerned": { zh: "所涉部门", en: "Whom it concerns" },
  "incident.reporter": { zh: "报告部门", en: "Reported by" },
  "incident.about": { zh: "涉事部门", en: "About" },
  "incident.provider": { zh: "提供部门", en: "Provider of the data" },
  "incident.responsible": { zh: "责任部门", en: "Answers for it" },
  "incident.contain": { zh: "立即制止", en: "Stop the use at once" },
  "incident.contain.about": {
    zh: "自该区块起，各节点一律拒绝被暂停的授权和被限制的经办人、设备或运营企业。",
    en: "From that block on, every node refuses a grant that is suspended, and an officer, machine or operator company that is restrained.",
  },
  "incident.nobody": {
    zh: "报告时未写明授权和涉事部门，无从制止",
    en: "The report names no grant and no department: there is nothing to stop",
  },
  "incident.nobodyRestrained": { zh: "没有因此被限制的", en: "nobody is restrained for it" },
  "incident.fromWarning": { zh: "报告安全事件", en: "Report an incident" },
} as const satisfies Record<string, Words>;

export type SupervisionWord = keyof typeof SUPERVISION_REPORT;
