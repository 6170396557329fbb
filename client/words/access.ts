import type { Words } from "@wanlian/protocol/language.js";

/** How data is asked for. */
export const WAYS: Readonly<Record<string, Words>> = {
  lookup: { zh: "查询", en: "look-up" },
  verification: { zh: "核验", en: "check" },
  download: { zh: "下载", en: "download" },
  comparison: { zh: "比对", en: "comparison" },
};

/** How it travels. */
export const ROADS: Readonly<Record<string, Words>> = {
  gateway: { zh: "节点直供", en: "node" },
  file: { zh: "文件交付", en: "file" },
  platform: { zh: "平台交换", en: "platform" },
};

/** What a record is of. */
export const RECORD_KINDS: Readonly<Record<string, Words>> = {
  access: { zh: "调用", en: "access" },
  opening: { zh: "传输开始", en: "opening" },
  closing: { zh: "传输结束", en: "closing" },
  audit: { zh: "审计提问", en: "audit question" },
  call: { zh: "其他途径的调用", en: "call over another road" },
  filing: { zh: "未生效的提交", en: "refused filing" },
};

/** What came of an access. */
export const RESULTS: Readonly<Record<string, Words>> = {
  opened: { zh: "传输中", en: "under way" },
  served: { zh: "已提供", en: "served" },
  refused: { zh: "已拒绝", en: "refused" },
  failed: { zh: "未完成", en: "failed" },
  stopped: { zh: "授权失效中止", en: "stopped: grant ended" },
};

/** Why a provider refused or failed, with what to do. */
export const REASONS: Readonly<Record<string, Words>> = {
  UNKNOWN_GRANT: { zh: "没有此授权；请核对编号", en: "No such grant; check its number" },
  GRANT_NOT_GIVEN: { zh: "尚未授权；请等待答复", en: "Not granted yet; await the reply" },
  GRANT_SUSPENDED: { zh: "授权已暂停；请联系暂停的部门", en: "The grant is suspended; ask who suspended it" },
  GRANT_REVOKED: { zh: "授权已撤销；请重新申请", en: "The grant is revoked; apply anew" },
  GRANT_NOT_YET: { zh: "未到授权起始日；请届时调用", en: "Not yet in force; wait for its first day" },
  GRANT_EXPIRED: { zh: "授权已到期；请续期或重新申请", en: "The grant has expired; renew or apply" },
  WRONG_CONSUMER: { zh: "授权属于其他部门；请用本部门的", en: "The grant is another department's; use your own" },
  WRONG_PROVIDER: { zh: "不是该授权的提供部门；请向其调用", en: "Not the grant's provider; ask the provider" },
  OUTSIDE_CLASS: {
    zh: "此数据资源不在整类授权之内（类目、分级或列入时间）；请另行申请",
    en: "The class that was granted does not have the dataset (category, grade, or since when); apply for it",
  },
  WRONG_DATASET: { zh: "授权不含此数据资源；请换授权", en: "The grant is for another dataset; use its grant" },
  UNKNOWN_RELEASE: { zh: "没有此批次；请选最新批次", en: "No such release; take the newest" },
  RELEASE_WITHDRAWN: { zh: "批次已停用；请选最新批次", en: "The release is out of use; take the newest" },
  FIELD_NOT_GRANTED: { zh: "含未授权的字段；请去掉", en: "A field is not granted; leave it out" },
  WRONG_PURPOSE: { zh: "用途与授权不符；请照授权填写", en: "Another purpose than the grant's; keep to the grant's" },
  WRONG_SCENARIO: { zh: "场景与授权不符；请照授权填写", en: "Another scenario than the grant's; keep to the grant's" },
  COMPARISON_ONLY: {
    zh: "授权仅限比对；请用比对，或另行申请",
    en: "The grant is for comparison alone; compare, or apply anew",
  },
  SHOWN_IN_PART: {
    zh: "授权限定了显示的内容；请按未脱敏的字段逐条查询或核验",
    en: "The grant shows data in part; look up or check row by row, by fields that are not masked",
  },
  QUOTA_EXCEEDED: { zh: "已超频次；请下一周期再用", en: "More often than granted; wait for the next period" },
  WRONG_MANDATE: { zh: "所引委托与授权不符；请照授权引用", en: "Another mandate than the grant's; cite the grant's" },
  MANDATE_ENDED: { zh: "委托已终止；请委托部门重新委托", en: "The mandate has ended; ask the principal" },
  OPERATOR_NOT_ENGAGED: { zh: "运营企业未登记；请先登记", en: "The operator is not engaged; engage it first" },
  OPERATOR_NOT_NAMED: { zh: "经办人属于运营企业；请写明企业", en: "The officer is an operator's; name the company" },
  OPERATOR_OUT_OF_SCOPE: {
    zh: "超出运营企业的范围；请缩小范围",
    en: "Not what the operator is engaged for; ask for less",
  },
  OPERATOR_RESTRAINED: {
    zh: "运营企业已被暂停；请联系暂停的部门",
    en: "The operator is restrained; ask who restrained it",
  },
  OFFICER_RESTRAINED: {
    zh: "经办人已被暂停；请联系暂停的部门",
    en: "The officer is restrained; ask who restrained it",
  },
  NOT_A_USER: { zh: "须由使用人员调用；请换人登录", en: "A user has to ask" },
  NOT_A_MEMBER: { zh: "部门不是现任成员；请先加入联盟", en: "Not an active member; join first" },
  SUBJECT_MISMATCH: { zh: "查询条件与签名不符；请重新发起", en: "Not what was signed; ask anew" },
  RECEIPTS_MISSING: {
    zh: "本部门有记录逾期未回签；请管理员查明节点为何未回签",
    en: "Earlier records were not countersigned; have the administrator look why",
  },
  REQUEST_EXPIRED: { zh: "请求过时；请重新发起", en: "The request is too old; ask anew" },
  REPLAYED: { zh: "请求重复；请重新发起", en: "The request came twice; ask anew" },
  CHAIN_DIFFERS: {
    zh: "双方账本不一致；请停止调用并报管理员",
    en: "The two ledgers differ; stop, and tell the administrator",
  },
  SOURCE_FAILED: { zh: "数据来源读不出；请稍后重试", en: "The source cannot be read; try later" },
  SOURCE_SLOW: { zh: "数据来源超时；请稍后重试", en: "The source is slow; try later" },
  SOURCE_CHANGED: { zh: "数据来源有变；请登记新批次", en: "The source changed; register a new release" },
  SOURCE_DIFFERS: { zh: "数据来源与批次不符；请登记新批次", en: "The source is not the release; register a new one" },
  CONSUMER_STALLED: { zh: "使用部门停收；请重新下载", en: "The consumer stalled; download anew" },
  CONSUMER_GONE: { zh: "使用部门断开；请重新下载", en: "The consumer went away; download anew" },
  INTERRUPTED: { zh: "提供部门中断；请重新下载", en: "The provider was interrupted; download anew" },
};
