import type { Words } from "@wanlian/protocol/language.js";
import { wordsIn } from "@wanlian/words/index.js";

/** Members that the API has of its own; those of acts and states are called as everywhere else. */
const OF_THE_API: Readonly<Record<string, Words>> = {
  alarm: { zh: "告警", en: "What should not be there, and who made it possible" },
  attempts: { zh: "尝试次数", en: "How often it was sent to the network" },
  block: { zh: "区块编号", en: "Number of the block" },
  body: { zh: "行为的内容", en: "What the act says, as its command's schema has it" },
  by: { zh: "对齐字段", en: "Fields by which rows are known" },
  case: { zh: "事项编号", en: "Id of the case" },
  cases: { zh: "事项", en: "Cases, by noun and id" },
  certificateExpires: { zh: "证书有效至", en: "When the officer's certificate ends" },
  chaincode: { zh: "合约名称", en: "Name of the contracts on the channel" },
  channel: { zh: "通道", en: "Name of the channel" },
  compared: { zh: "待比对的行", en: "The rows that are compared" },
  counted: { zh: "是否有效", en: "Whether the act counts; a void one does not" },
  detail: { zh: "详情（英文）", en: "What is wrong in this case, in English" },
  details: { zh: "详情各项", en: "The same, for programs" },
  down: { zh: "下游", en: "What was made from it" },
  en: { zh: "英文", en: "In English" },
  expires: { zh: "会话失效时间", en: "When the session ends" },
  failure: { zh: "未成的原因", en: "Why it did not count" },
  faults: { zh: "已确认的问题", en: "What was found wrong with it" },
  filter: { zh: "筛选条件", en: "Which records are asked for" },
  hash: { zh: "区块哈希", en: "Hash of the block's header" },
  how: { zh: "关联方式", en: "How the one came out of the other" },
  idempotencyKey: { zh: "本次提交的名称", en: "The caller's own name for this filing" },
  inForce: { zh: "是否有效", en: "Whether it is in force by the ledger's clock" },
  instance: { zh: "本次请求的编号", en: "This request, as the node's log names it" },
  items: { zh: "各项", en: "The page's items" },
  kind: { zh: "种类", en: "Kind" },
  latestRelease: { zh: "最新批次", en: "Its newest release that is registered" },
  limit: { zh: "最多几项", en: "At most so many items" },
  links: { zh: "关联", en: "Which came out of which" },
  message: { zh: "说明", en: "One plain sentence" },
  nonce: { zh: "一次性随机数", en: "To be signed once, at once" },
  noun: { zh: "事项种类", en: "Kind of case" },
  objections: { zh: "异议", en: "Objections to it" },
  openObjections: { zh: "未结异议", en: "Objections to it that are open" },
  operator: { zh: "经手人", en: "Who worked at the officer's system" },
  overdue: { zh: "是否逾期", en: "Whether it has passed by the ledger's clock" },
  parties: { zh: "当事部门", en: "Departments that the case is between" },
  passphrase: { zh: "口令", en: "Opens the officer's key" },
  position: { zh: "在账本上的位置", en: "Block, and transaction in it" },
  record: { zh: "调用记录编号", en: "Id of an access record" },
  references: { zh: "引用的事项", en: "Cases that it refers to" },
  referredToBy: { zh: "引用它的事项", en: "Cases that refer to it" },
  relation: { zh: "关系", en: "What the department is in the case" },
  releases: { zh: "批次", en: "Releases" },
  request: { zh: "签名请求编号", en: "Id of what is to be signed" },
  road: { zh: "通路", en: "By which road the data goes" },
  roles: { zh: "角色", en: "What the certificate lets the officer do" },
  salt: { zh: "盐值", en: "What was digested before the text" },
  since: { zh: "起始时间", en: "From this time on" },
  standing: { zh: "账本以外的情况", en: "What another department did beside the ledger" },
  state: { zh: "事项状态内容", en: "The case's state after the act" },
  token: { zh: "会话令牌", en: "To be sent as a bearer token" },
  transaction: { zh: "区块中的序号", en: "Place of the transaction in its block" },
  transactionId: { zh: "交易编号", en: "Id of the transaction" },
  until: { zh: "截止时间", en: "Up to this time" },
  up: { zh: "上游", en: "What it was made from" },
  voidNumbers: { zh: "无效行为的序号", en: "Numbers that void acts used up" },
  way: { zh: "方式", en: "Look-up, check or download" },
  zh: { zh: "中文", en: "In Chinese" },
};

const zh = wordsIn("zh");
const en = wordsIn("en");

/** What a member of a body or an answer is, in both languages. */
export function memberDescription(name: string): string {
  const { zh: chinese, en: english } = OF_THE_API[name] ?? { zh: zh.member(name), en: en.member(name) };
  return `${english} / ${chinese}`;
}
