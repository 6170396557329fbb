import type { Instant } from "@wanlian/model/identifiers.js";
import type { Purpose } from "@wanlian/model/model-1/policy/policy-schema.js";
import type { Words } from "@wanlian/protocol/language.js";
import type { AccessRecord, Reason } from "./records/access-record.js";
import type { AccessRequest } from "./records/access-request.js";

/** How what stands in a record is said. */

export const PURPOSE_WORDS: Readonly<Record<Purpose, Words>> = {
  verification: { zh: "信息核验", en: "verification" },
  lookup: { zh: "信息查询", en: "look-up" },
  analysis: { zh: "数据分析", en: "analysis" },
  collaboration: { zh: "业务协同", en: "collaboration" },
};

export const WAY_WORDS: Readonly<Record<AccessRequest["way"], Words>> = {
  lookup: { zh: "查询", en: "look-up" },
  verification: { zh: "核验", en: "check" },
  download: { zh: "下载", en: "download" },
  comparison: { zh: "比对", en: "comparison" },
};

export const ROAD_WORDS: Readonly<Record<AccessRequest["road"], Words>> = {
  gateway: { zh: "节点直供", en: "from node to node" },
  file: { zh: "文件交付", en: "as a file" },
  platform: { zh: "平台交换", en: "by the exchange platform" },
};

export const RESULT_WORDS: Readonly<Record<AccessRecord["result"], Words>> = {
  opened: { zh: "传输中", en: "under way" },
  served: { zh: "已提供", en: "served" },
  refused: { zh: "已拒绝", en: "refused" },
  failed: { zh: "未完成", en: "failed" },
  stopped: { zh: "授权失效中止", en: "stopped: grant ended" },
};

export const REASON_WORDS: Readonly<Record<Reason, Words>> = {
  UNKNOWN_GRANT: { zh: "没有此授权", en: "no such grant" },
  GRANT_NOT_GIVEN: { zh: "尚未授权", en: "not granted" },
  GRANT_SUSPENDED: { zh: "授权已暂停", en: "grant suspended" },
  GRANT_REVOKED: { zh: "授权已撤销", en: "grant revoked" },
  GRANT_NOT_YET: { zh: "未到授权起始日", en: "grant not yet in force" },
  GRANT_EXPIRED: { zh: "授权已到期", en: "grant expired" },
  WRONG_CONSUMER: { zh: "授权属于其他部门", en: "another department's grant" },
  WRONG_PROVIDER: { zh: "不是该授权的提供部门", en: "another provider's grant" },
  OUTSIDE_CLASS: { zh: "整类授权不涵盖此数据资源", en: "dataset outside the granted class" },
  WRONG_DATASET: { zh: "授权不含此数据资源", en: "grant of another dataset" },
  UNKNOWN_RELEASE: { zh: "没有此批次", en: "no such release" },
  RELEASE_WITHDRAWN: { zh: "批次已停用", en: "release out of use" },
  FIELD_NOT_GRANTED: { zh: "含未授权的字段", en: "a field that is not granted" },
  WRONG_PURPOSE: { zh: "用途与授权不符", en: "another purpose than granted" },
  WRONG_SCENARIO: { zh: "场景与授权不符", en: "another scenario than granted" },
  SHOWN_IN_PART: { zh: "授权限定了显示的内容", en: "grant that shows data in part" },
  COMPARISON_ONLY: { zh: "授权仅限比对", en: "grant for comparison alone" },
  QUOTA_EXCEEDED: { zh: "已超频次", en: "more calls than granted" },
  WRONG_MANDATE: { zh: "所引委托与授权不符", en: "another mandate than the grant's" },
  MANDATE_ENDED: { zh: "委托已终止", en: "mandate ended" },
  NOT_A_MEMBER: { zh: "部门不是现任成员", en: "no member" },
  OPERATOR_NOT_ENGAGED: { zh: "运营企业未受该部门聘用", en: "operator not engaged" },
  OPERATOR_NOT_NAMED: {
    zh: "经办人属于运营企业，请求却未写明",
    en: "officer of an operator company that is not named",
  },
  OPERATOR_OUT_OF_SCOPE: { zh: "超出运营企业的登记范围", en: "outside what the operator is engaged for" },
  OPERATOR_RESTRAINED: { zh: "运营企业已被暂停使用", en: "operator restrained" },
  OFFICER_RESTRAINED: { zh: "经办人已被暂停使用", en: "officer restrained" },
  NOT_A_USER: { zh: "经办人不是使用人员", en: "officer is no user" },
  SUBJECT_MISMATCH: { zh: "查询条件与签名不符", en: "subject differs from what was signed" },
  RECEIPTS_MISSING: { zh: "使用部门有记录逾期未回签", en: "consumer has not countersigned earlier records" },
  REQUEST_EXPIRED: { zh: "请求过时", en: "request out of date" },
  REPLAYED: { zh: "请求重复", en: "request used before" },
  CHAIN_DIFFERS: { zh: "双方账本不一致", en: "the two ledgers differ" },
  SOURCE_FAILED: { zh: "数据来源读不出", en: "source cannot be read" },
  SOURCE_CHANGED: { zh: "数据来源有变", en: "source changed" },
  SOURCE_DIFFERS: { zh: "数据来源与批次不符", en: "source differs from the release" },
  SOURCE_SLOW: { zh: "数据来源超时", en: "source too slow" },
  CONSUMER_STALLED: { zh: "使用部门停收", en: "consumer stalled" },
  CONSUMER_GONE: { zh: "使用部门断开", en: "consumer gone" },
  INTERRUPTED: { zh: "提供部门中断", en: "provider interrupted" },
};

/** Cases of which there is one, by their ids. */
const SINGLE: Readonly<Record<string, string>> = { clock: "账本时钟", policy: "政策", consortium: "联盟" };

/** A case in a sentence. The names of kinds are words in English; in Chinese its id alone says which it is. */
export const caseNamed = (noun: string, id: string): Words => ({
  zh: noun === id && Object.hasOwn(SINGLE, id) ? (SINGLE[id] ?? id) : `事项 ${id}`,
  en: `${noun} ${id}`,
});

const MONTHS = [
  ...["January", "February", "March", "April", "May", "June", "July"],
  ...["August", "September", "October", "November", "December"],
];
const CST_OFFSET_MS = 8 * 3_600_000;

/** An instant in Beijing's time. */
export function timeWords(instant: Instant): Words {
  const date = new Date(Date.parse(instant) + CST_OFFSET_MS);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const time = date.toISOString().slice(11, 16);
  return {
    zh: `北京时间${year}年${month + 1}月${day}日 ${time}`,
    en: `${day} ${MONTHS[month]} ${year}, ${time} Beijing time`,
  };
}
