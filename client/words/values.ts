import type { Words } from "@wanlian/protocol/language.js";
import { NOUN_WORDS } from "./all-nouns.js";

/**
 * Words for values that a schema allows, by member. Where one value means different things in different members, the
 * member's own words come first.
 */
const SHARE: Readonly<Record<string, Words>> = {
  unconditional: { zh: "无条件共享", en: "unconditional" },
  conditional: { zh: "有条件共享", en: "conditional" },
  withheld: { zh: "不予共享", en: "withheld" },
};

const OPEN: Readonly<Record<string, Words>> = {
  unconditional: { zh: "无条件开放", en: "unconditional" },
  conditional: { zh: "有条件开放", en: "conditional" },
  closed: { zh: "不予开放", en: "closed" },
};

/** What is known against a release (client/lineage). */
const MARKS: Readonly<Record<string, Words>> = {
  none: { zh: "未见问题", en: "nothing known against it" },
  questioned: { zh: "有未结异议", en: "objection open" },
  affected: { zh: "所依据的数据有误", en: "rests on wrong data" },
  wrong: { zh: "有误", en: "wrong" },
};

/** How one release led to another, and what was done with its data. */
const HOWS: Readonly<Record<string, Words>> = {
  derived: { zh: "据以生成", en: "made from" },
  revised: { zh: "替代", en: "revised" },
  corrected: { zh: "更正", en: "corrected" },
  copied: { zh: "抄录", en: "copied" },
  joined: { zh: "关联", en: "joined" },
  aggregated: { zh: "汇总", en: "aggregated" },
  cleaned: { zh: "清洗", en: "cleaned" },
};

/** Of data's life. */
const STAGES: Readonly<Record<string, Words>> = {
  collection: { zh: "采集", en: "collection" },
  storage: { zh: "存储", en: "storage" },
  provision: { zh: "供给", en: "provision" },
  aggregation: { zh: "汇聚", en: "aggregation" },
  sharing: { zh: "共享", en: "sharing" },
  application: { zh: "应用", en: "application" },
};

/** Values that mean the same wherever they stand. */
const ANYWHERE: Readonly<Record<string, Words>> = {
  verification: { zh: "信息核验", en: "verification" },
  lookup: { zh: "信息查询", en: "lookup" },
  analysis: { zh: "数据分析", en: "analysis" },
  collaboration: { zh: "业务协同", en: "collaboration" },
  compliance: { zh: "规范性", en: "compliance" },
  completeness: { zh: "完整性", en: "completeness" },
  accuracy: { zh: "准确性", en: "accuracy" },
  consistency: { zh: "一致性", en: "consistency" },
  timeliness: { zh: "时效性", en: "timeliness" },
  accessibility: { zh: "可访问性", en: "accessibility" },
  inFavour: { zh: "赞成", en: "in favour" },
  against: { zh: "反对", en: "against" },
  municipal: { zh: "市级", en: "municipal" },
  county: { zh: "县级", en: "county" },
  superior: { zh: "上级", en: "superior" },
  interface: { zh: "接口", en: "interface" },
  file: { zh: "文件", en: "file" },
  query: { zh: "查询", en: "query" },
  platform: { zh: "共享平台", en: "platform" },
  realTime: { zh: "实时", en: "real time" },
  daily: { zh: "每日", en: "daily" },
  weekly: { zh: "每周", en: "weekly" },
  monthly: { zh: "每月", en: "monthly" },
  quarterly: { zh: "每季度", en: "quarterly" },
  halfYearly: { zh: "每半年", en: "half-yearly" },
  yearly: { zh: "每年", en: "yearly" },
  irregular: { zh: "不定期", en: "irregular" },
  day: { zh: "每日", en: "a day" },
  month: { zh: "每月", en: "a month" },
  total: { zh: "累计", en: "in all" },
  justified: { zh: "应急成立", en: "justified" },
  unjustified: { zh: "应急不成立", en: "unjustified" },
  substantiated: { zh: "属实", en: "substantiated" },
  partly: { zh: "部分属实", en: "partly" },
  unsubstantiated: { zh: "不属实", en: "unsubstantiated" },
  upheld: { zh: "支持异议", en: "upheld" },
  dismissed: { zh: "驳回", en: "dismissed" },
  adopted: { zh: "已采纳", en: "adopted" },
  declined: { zh: "未采纳", en: "declined" },
  recompute: { zh: "按新日历重算", en: "counted anew" },
  stand: { zh: "维持原期限", en: "stands" },
  majority: { zh: "在册成员的多数", en: "a majority of the members" },
  true: { zh: "是", en: "yes" },
  false: { zh: "否", en: "no" },
};

const OF_MEMBERS: Readonly<Record<string, Readonly<Record<string, Words>>>> = {
  share: SHARE,
  open: OPEN,
  mark: MARKS,
  how: HOWS,
  stage: STAGES,
};

/** The word for a value at a member (or at a group of members, such as `share`), undefined where there is none. */
export function valueWord(member: string, value: string): Words | undefined {
  const own = [OF_MEMBERS[member], ...Object.values(NOUN_WORDS).map(({ values }) => values?.[member])];
  const found = own.find((words) => words !== undefined && Object.hasOwn(words, value));
  if (found !== undefined) return found[value];
  return Object.hasOwn(ANYWHERE, value) ? ANYWHERE[value] : undefined;
}
