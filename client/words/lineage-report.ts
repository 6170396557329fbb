import type { Words } from "@wanlian/protocol/language.js";

/** What an audit report on where data came from and went to says. */
export const LINEAGE_REPORT = {
  title: { zh: "溯源审计报告：{{name}}", en: "Audit report, where it came from and went to: {{name}}" },
  about: {
    zh: "{{node}}的节点于账本时间{{time}}作出，据前{{height}}个区块。批次或数据产品：{{release}}。来源和去向各至多{{depth}}步。",
    en: "Made by the node of {{node}} at ledger time {{time}}, from the first {{height}} blocks. Release or product: {{release}}. Sources and what was made of it, {{depth}} steps each at most.",
  },
  evidence: {
    zh: "证据文件的摘要（SHA-256）：{{digest}}。该文件可用 wanlian verify 离线验证：所列各批次的登记、异议和停用在账本上，由谁、何时所为。图表之外没有遗漏，是上述节点签名的话。",
    en: "Digest of the evidence (SHA-256): {{digest}}. wanlian verify checks that file offline: that the registrations, objections and withdrawals listed here are on the ledger, by whom and when. That nothing is left out beyond that is the signed word of the node named above.",
  },
  noEvidence: {
    zh: "本报告未附证据文件：所列内容只是上述节点的话。",
    en: "No evidence was taken along with this report: what it lists is the word of the node named above.",
  },
  findings: { zh: "结论", en: "Findings" },
  counts: {
    zh: "共{{all}}个批次和产品：有误{{wrong}}，依据有误数据{{affected}}，有未结异议{{questioned}}，其余{{none}}。其中{{outstanding}}个仍在用且未重做。",
    en: "{{all}} releases and products: {{wrong}} wrong, {{affected}} resting on wrong data, {{questioned}} with an open objection, {{none}} others. {{outstanding}} of them are in use and not made anew.",
  },
  further: {
    zh: "图外另有来源{{up}}个，涉及{{upDepartments}}个部门；另有去向{{down}}个，涉及{{downDepartments}}个部门。",
    en: "Beyond the picture: {{up}} further sources of {{upDepartments}} departments; {{down}} more made from these, of {{downDepartments}} departments.",
  },
  incomplete: {
    zh: "来源过多，未全部查看：未标明的批次也可能有误。",
    en: "There are more sources than were looked at: a release without a mark may still rest on wrong data.",
  },
  picture: { zh: "图示", en: "Picture" },
  pictureSays: {
    zh: "{{lanes}}个部门各占一行，从左到右共{{all}}个批次和产品；内容与下表相同",
    en: "{{lanes}} departments, a lane each, and from left to right {{all}} releases and products; the table has the same",
  },
  tooLarge: {
    zh: "共{{all}}个批次和产品，纸面容不下图示；内容见下表。",
    en: "{{all}} releases and products are too many for a picture on paper; the table has them.",
  },
  releases: { zh: "批次与数据产品", en: "Releases and products" },
  step: { zh: "步", en: "Step" },
  what: { zh: "批次或产品", en: "Release or product" },
  department: { zh: "部门", en: "Department" },
  mark: { zh: "可否依据", en: "Can it be relied on" },
  registered: { zh: "登记时间", en: "Registered" },
  number: { zh: "编号", en: "Number" },
  ways: { zh: "如何形成", en: "How it was made" },
  from: { zh: "来自", en: "From" },
  how: { zh: "方式", en: "How" },
  fields: { zh: "字段", en: "Fields" },
  program: { zh: "程序或查询的摘要", en: "Digest of program or query" },
  objections: { zh: "异议", en: "Objections" },
  objector: { zh: "异议部门", en: "Objector" },
  status: { zh: "状态", en: "State" },
  page: { zh: "第{{page}}页，共{{pages}}页", en: "page {{page}} of {{pages}}" },
} as const satisfies Readonly<Record<string, Words>>;

export type LineageReportWord = keyof typeof LINEAGE_REPORT;
