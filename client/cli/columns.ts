import type { Words } from "@wanlian/protocol/language.js";
import type { Json } from "./json.js";

/** A column of a table: its heading, and its cell for an item, in both languages where it is in words. */
export type Column = readonly [Words, (item: Json) => string | Words];

const from = (heading: Words, path: string): Column => [heading, (item) => item.at(path).text];

/** A transaction's id is known by its beginning; --json has it whole. */
const short = (id: string): string => (/^[0-9a-f]{64}$/.test(id) ? id.slice(0, 12) : id);
const caseColumn: Column = [{ zh: "事项", en: "case" }, (item) => `${item.at("noun").text} ${item.at("case").text}`];

export const caseColumns: readonly Column[] = [
  from({ zh: "编号", en: "case" }, "case"),
  from({ zh: "状态", en: "status" }, "status"),
  [{ zh: "行为", en: "act" }, (item) => item.at("act").text],
  from({ zh: "变更时间", en: "changed" }, "changed.time"),
  from({ zh: "区块", en: "block" }, "changed.block"),
];

export const actColumns: readonly Column[] = [
  from({ zh: "时间", en: "time" }, "time"),
  [{ zh: "部门 经办人", en: "by" }, (item) => `${item.at("department").text} ${item.at("officer").text}`],
  [
    { zh: "行为", en: "act" },
    (item) => `${item.at("noun").text}.${item.at("type").text}${item.at("counted").value === false ? " ✗" : ""}`,
  ],
  [{ zh: "事项", en: "case" }, (item) => `${short(item.at("case").text)} #${item.at("number").text}`],
  [{ zh: "后状态", en: "status after" }, (item) => item.at("state.status").text || item.at("reason").text],
  from({ zh: "区块", en: "block" }, "block"),
  [{ zh: "交易", en: "transaction" }, (item) => short(item.at("transactionId").text)],
];

/** A date that the calendar does not reach is open, whatever its lower bound. */
export function dueText(deadline: Json): Words {
  if (deadline.at("provisional").value === true) {
    return { zh: "期限待定（工作日历未延展）", en: "date open: calendar not extended" };
  }
  const due = deadline.at("due").text;
  return { zh: due, en: due };
}

function dueOrOverdue(deadline: Json): Words {
  const mark = deadline.at("overdue").value === true ? " !" : "";
  const { zh, en } = dueText(deadline);
  return { zh: zh + mark, en: en + mark };
}

export const dutyColumns: readonly Column[] = [
  caseColumn,
  from({ zh: "状态", en: "status" }, "status"),
  from({ zh: "期限", en: "deadline" }, "deadline.kind"),
  [{ zh: "截止", en: "due" }, (item) => dueOrOverdue(item.at("deadline"))],
  from({ zh: "责任部门", en: "owner" }, "deadline.owner"),
  from({ zh: "可办", en: "may do" }, "actions"),
];

export const possibleColumns: readonly Column[] = [
  caseColumn,
  from({ zh: "状态", en: "status" }, "status"),
  from({ zh: "可办", en: "may do" }, "actions"),
];

export const catalogueColumns: readonly Column[] = [
  from({ zh: "编号", en: "dataset" }, "case"),
  from({ zh: "名称", en: "name" }, "state.name"),
  from({ zh: "共享属性", en: "share" }, "state.share.class"),
  from({ zh: "级别", en: "grade" }, "state.grade"),
  [{ zh: "字段", en: "fields" }, (item) => String(item.at("state.fields").items.length)],
  [{ zh: "最新批次", en: "latest release" }, (item) => item.at("latestRelease").text],
  [{ zh: "未结异议", en: "open objections" }, (item) => String(item.at("openObjections").items.length || "")],
];

export const grantColumns: readonly Column[] = [
  from({ zh: "申请", en: "application" }, "case"),
  from({ zh: "使用部门", en: "consumer" }, "state.consumer"),
  from({ zh: "状态", en: "status" }, "status"),
  from({ zh: "生效", en: "in force" }, "inForce"),
  from({ zh: "用途", en: "purpose" }, "state.purpose"),
  from({ zh: "字段", en: "fields" }, "state.grant.fields"),
  from({ zh: "自", en: "from" }, "state.grant.from"),
  from({ zh: "至", en: "to" }, "state.grant.to"),
];

export const alarmColumns: readonly Column[] = [
  from({ zh: "区块", en: "block" }, "block"),
  from({ zh: "类别", en: "kind" }, "kind"),
  from({ zh: "责任部门", en: "departments" }, "departments"),
  from({ zh: "说明", en: "what" }, "message"),
];

export const accessColumns: readonly Column[] = [
  from({ zh: "序号", en: "position" }, "position"),
  from({ zh: "时间", en: "time" }, "time"),
  [{ zh: "使用方", en: "by" }, (item) => `${item.at("consumer").text} ${item.at("officer").text}`],
  from({ zh: "数据", en: "dataset" }, "dataset"),
  from({ zh: "用途", en: "purpose" }, "purpose"),
  [{ zh: "方式", en: "way" }, (item) => item.at("way").text || item.at("kind").text],
  [{ zh: "结果", en: "result" }, (item) => `${item.at("result").text} ${item.at("reason").text}`.trim()],
  from({ zh: "行数", en: "rows" }, "row_count"),
];

export const countColumns: readonly Column[] = [
  from({ zh: "日期", en: "day" }, "day"),
  from({ zh: "用途", en: "purpose" }, "purpose"),
  from({ zh: "结果", en: "result" }, "result"),
  from({ zh: "次数", en: "accesses" }, "accesses"),
  from({ zh: "行数", en: "rows" }, "rows"),
];

export const findingColumns: readonly Column[] = [
  from({ zh: "类别", en: "finding" }, "kind"),
  from({ zh: "责任部门", en: "answers for it" }, "department"),
  [{ zh: "说明", en: "what" }, (item) => ({ zh: item.at("message.zh").text, en: item.at("message.en").text })],
  [{ zh: "记录", en: "record" }, (item) => short(item.at("record").text)],
];

export const agreementColumns: readonly Column[] = [
  from({ zh: "部门", en: "department" }, "department"),
  from({ zh: "一致", en: "agrees" }, "agrees"),
  from({ zh: "区块数", en: "blocks" }, "blocks"),
  from({ zh: "最近锚定", en: "anchored" }, "anchored"),
  from({ zh: "迟延", en: "late" }, "late"),
  from({ zh: "记录数", en: "records" }, "records"),
];

export const textColumns: readonly Column[] = [
  [{ zh: "行为", en: "act" }, (item) => `#${item.at("number").text} ${item.at("type").text}`],
  from({ zh: "部门", en: "by" }, "department"),
  from({ zh: "内容", en: "what" }, "member"),
  [{ zh: "文字", en: "text" }, (item) => item.at("text").string ?? `(${item.at("missing").text})`],
];
