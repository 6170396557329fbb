import type { Words } from "@wanlian/protocol/language.js";
import { NOUN_WORDS } from "./nouns/all.js";

/** What members are called that the acts and states of several nouns have; each noun's own are with its words. */
export const SHARED_MEMBERS: Readonly<Record<string, Words>> = {
  act: { zh: "第几项行为", en: "Act" },
  acts: { zh: "办理次数", en: "Acts" },
  answer: { zh: "答复", en: "Reply" },
  at: { zh: "时间", en: "Time" },
  atLeast: { zh: "不低于", en: "At least" },
  author: { zh: "提出部门", en: "Author" },
  basis: { zh: "依据", en: "Legal basis" },
  code: { zh: "代码", en: "Code" },
  conditions: { zh: "条件", en: "Conditions" },
  consumer: { zh: "使用部门", en: "Consumer" },
  correction: { zh: "更正批次", en: "Correcting release" },
  dataset: { zh: "数据资源", en: "Dataset" },
  deadlines: { zh: "期限", en: "Deadlines" },
  decision: { zh: "决定", en: "Decision" },
  department: { zh: "部门", en: "Department" },
  digest: { zh: "摘要（SHA-256）", en: "Digest (SHA-256)" },
  dimension: { zh: "质量维度", en: "Quality dimension" },
  due: { zh: "截止", en: "Due" },
  duty: { zh: "履职事项", en: "Duty" },
  ended: { zh: "办结时间", en: "Met" },
  entrusted: { zh: "受委任", en: "Entrusted" },
  fields: { zh: "字段", en: "Fields" },
  followsNotices: { zh: "随日历调整", en: "Follows later notices" },
  from: { zh: "起始日", en: "From" },
  grant: { zh: "授权", en: "Grant" },
  id: { zh: "编号", en: "Number" },
  kind: { zh: "种类", en: "Kind" },
  name: { zh: "名称", en: "Name" },
  notReceived: { zh: "未收到", en: "Not received" },
  officer: { zh: "经办人", en: "Officer" },
  outcome: { zh: "结论", en: "Outcome" },
  principal: { zh: "委托部门", en: "Principal" },
  provider: { zh: "提供部门", en: "Provider" },
  provisional: { zh: "期限待定", en: "Provisional" },
  purpose: { zh: "用途", en: "Purpose" },
  purposes: { zh: "用途", en: "Purposes" },
  ratio: { zh: "比率", en: "Ratio" },
  reasons: { zh: "理由", en: "Reasons" },
  recent: { zh: "本次账本时间内的办理", en: "Acts since the last tick" },
  release: { zh: "数据批次", en: "Release" },
  root: { zh: "总摘要", en: "Root" },
  rows: { zh: "行", en: "Rows" },
  rules: { zh: "规则", en: "Rules" },
  scope: { zh: "范围", en: "Scope" },
  start: { zh: "起算", en: "Start" },
  status: { zh: "状态", en: "State" },
  text: { zh: "文字", en: "Words" },
  time: { zh: "时间", en: "Time" },
  times: { zh: "次数", en: "Times" },
  to: { zh: "截止日", en: "To" },
  urged: { zh: "督办时间", en: "Urged" },
  urges: { zh: "督办次数", en: "Urges" },
  version: { zh: "版本", en: "Version" },
  workingDays: { zh: "工作日", en: "Working days" },
};

const OWN: Readonly<Record<string, Words>> = Object.assign(
  {},
  ...Object.values(NOUN_WORDS).map(({ members }) => members),
);

/** The word for a member, in forms and on pages; undefined where there is none. */
export const memberWord = (name: string): Words | undefined =>
  Object.hasOwn(SHARED_MEMBERS, name) ? SHARED_MEMBERS[name] : Object.hasOwn(OWN, name) ? OWN[name] : undefined;
