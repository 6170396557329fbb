import type { Words } from "@wanlian/protocol/language.js";
import { type Dictionary, denseTimeText, ratioText, wordsIn } from "@wanlian/words/index.js";
import type { Json } from "./json.js";

/** A column of a table: its heading, and its cell for an item, in both languages where it is in words. */
export type Column = readonly [Words, (item: Json) => string | Words];

const from = (heading: Words, path: string): Column => [heading, (item) => item.at(path).text];

const ZH = wordsIn("zh");
const EN = wordsIn("en");

/** What the dictionary says, in both languages. */
const said = (say: (words: Dictionary) => string): Words => ({ zh: say(ZH), en: say(EN) });

const value = (heading: Words, member: string, path: string): Column => [
  heading,
  (item) => said((words) => words.value(member, item.at(path).text)),
];
const time = (heading: Words, path: string): Column => [
  heading,
  (item) => (item.at(path).text === "" ? "" : denseTimeText(item.at(path).text)),
];
const state: Column = [
  { zh: "状态", en: "status" },
  (item) => said((words) => words.state(item.at("noun").text, item.at("status").text)),
];

/** What a case is about, and with whom: by it rows tell apart. */
const about = (from: string): Column => [
  { zh: "内容", en: "about" },
  (item) => {
    const held = (member: string) => item.at(`${from}.${member}`).text;
    const subject = held("dataset") || held("name");
    const counterpart = ["consumer", "objector", "author", "agent"].map(held).find((found) => found !== "");
    return [subject, counterpart ?? ""].filter((part) => part !== "").join(" · ");
  },
];

/** Who acted or asked, and that it was a machine where it was one. @param department the member that names it; empty: left out */
export const whoOf = (item: Json, department: string): Words => {
  const who = `${department === "" ? "" : item.at(department).text} ${item.at("officer").text}`.trim();
  if (item.at("machine").value !== true) return { zh: who, en: who };
  return { zh: `${who}（${ZH.role("machine")}）`, en: `${who} (${EN.role("machine")})` };
};

/** A transaction's id is known by its beginning; --json has it whole. */
const short = (id: string): string => (/^[0-9a-f]{64}$/.test(id) ? id.slice(0, 12) : id);
const caseColumn: Column = [{ zh: "事项", en: "case" }, (item) => `${item.at("noun").text} ${item.at("case").text}`];

export const caseColumns: readonly Column[] = [
  from({ zh: "编号", en: "case" }, "case"),
  about("state"),
  state,
  [{ zh: "行为", en: "act" }, (item) => item.at("act").text],
  time({ zh: "变更时间", en: "changed" }, "changed.time"),
  from({ zh: "区块", en: "block" }, "changed.block"),
];

/** What an officer filed, and what became of it. */
export const filingColumns: readonly Column[] = [
  time({ zh: "时间", en: "time" }, "created"),
  [{ zh: "行为", en: "act" }, (item) => `${item.at("noun").text}.${item.at("type").text}`],
  [{ zh: "事项", en: "case" }, (item) => short(item.at("case").text)],
  [{ zh: "结果", en: "outcome" }, (item) => OUTCOMES[item.at("status").text] ?? item.at("status").text],
  [{ zh: "原因", en: "why" }, (item) => item.at("failure.title").text],
  from({ zh: "提交编号", en: "key" }, "idempotencyKey"),
];

const OUTCOMES: Readonly<Record<string, Words>> = {
  pending: { zh: "结果未定", en: "open" },
  counted: { zh: "已生效", en: "counts" },
  failed: { zh: "不生效", en: "came to nothing" },
};

export const actColumns: readonly Column[] = [
  time({ zh: "时间", en: "time" }, "time"),
  [{ zh: "部门 经办人", en: "by" }, (item) => whoOf(item, "department")],
  [
    { zh: "行为", en: "act" },
    (item) => `${item.at("noun").text}.${item.at("type").text}${item.at("counted").value === false ? " ✗" : ""}`,
  ],
  [{ zh: "事项", en: "case" }, (item) => `${short(item.at("case").text)} #${item.at("number").text}`],
  [
    { zh: "办理后状态", en: "status after" },
    (item) => {
      const status = item.at("state.status").text;
      return status === "" ? item.at("reason").text : said((words) => words.state(item.at("noun").text, status));
    },
  ],
  from({ zh: "区块", en: "block" }, "block"),
  [{ zh: "交易", en: "transaction" }, (item) => short(item.at("transactionId").text)],
];

/** A date that the calendar does not reach is open, whatever its lower bound. */
export function dueText(deadline: Json): Words {
  if (deadline.at("provisional").value === true) {
    return { zh: "期限待定（工作日历未延展）", en: "date open: calendar not extended" };
  }
  const due = denseTimeText(deadline.at("due").text);
  return { zh: due, en: due };
}

function dueOrOverdue(deadline: Json): Words {
  const { zh, en } = dueText(deadline);
  return deadline.at("overdue").value === true ? { zh: `${zh} 已逾期`, en: `${en} overdue` } : { zh, en };
}

export const dutyColumns: readonly Column[] = [
  caseColumn,
  about("found.state"),
  state,
  [{ zh: "期限", en: "deadline" }, (item) => said((words) => words.deadline(item.at("deadline.kind").text))],
  [{ zh: "截止", en: "due" }, (item) => dueOrOverdue(item.at("deadline"))],
  from({ zh: "责任部门", en: "owner" }, "deadline.owner"),
  from({ zh: "可办", en: "may do" }, "actions"),
];

export const possibleColumns: readonly Column[] = [
  caseColumn,
  about("state"),
  state,
  from({ zh: "可办", en: "may do" }, "actions"),
];

export const catalogueColumns: readonly Column[] = [
  from({ zh: "编号", en: "dataset" }, "case"),
  from({ zh: "名称", en: "name" }, "state.name"),
  value({ zh: "共享属性", en: "share" }, "share", "state.share.class"),
  from({ zh: "级别", en: "grade" }, "state.grade"),
  [{ zh: "字段", en: "fields" }, (item) => String(item.at("state.fields").items.length)],
  [{ zh: "最新批次", en: "latest release" }, (item) => item.at("latestRelease").text],
  [
    { zh: "最近检查", en: "latest check" },
    (item) => {
      const { number } = item.at("latestCheck.total");
      return number === undefined ? "" : ratioText(number);
    },
  ],
  [{ zh: "未结异议", en: "open objections" }, (item) => String(item.at("openObjections").items.length || "")],
];

export const grantColumns: readonly Column[] = [
  from({ zh: "申请", en: "application" }, "case"),
  from({ zh: "使用部门", en: "consumer" }, "state.consumer"),
  [{ zh: "状态", en: "status" }, (item) => said((words) => words.state("application", item.at("status").text))],
  value({ zh: "生效", en: "in force" }, "inForce", "inForce"),
  value({ zh: "用途", en: "purpose" }, "purpose", "state.purpose"),
  from({ zh: "字段", en: "fields" }, "state.grant.fields"),
  time({ zh: "自", en: "from" }, "state.grant.from"),
  time({ zh: "至", en: "to" }, "state.grant.to"),
];

export const alarmColumns: readonly Column[] = [
  from({ zh: "区块", en: "block" }, "block"),
  from({ zh: "类别", en: "kind" }, "kind"),
  from({ zh: "责任部门", en: "departments" }, "departments"),
  from({ zh: "说明", en: "what" }, "message"),
];

export const accessColumns: readonly Column[] = [
  from({ zh: "序号", en: "position" }, "position"),
  time({ zh: "时间", en: "time" }, "time"),
  [{ zh: "使用方", en: "by" }, (item) => whoOf(item, "consumer")],
  from({ zh: "数据", en: "dataset" }, "dataset"),
  value({ zh: "用途", en: "purpose" }, "purpose", "purpose"),
  [{ zh: "方式", en: "way" }, (item) => said((words) => words.way(item.at("way").text || item.at("kind").text))],
  [
    { zh: "结果", en: "result" },
    (item) =>
      said((words) => {
        const reason = item.at("reason").text;
        if (item.at("kind").text === "filing") return item.at(`message.${words.language}`).text || reason;
        return `${words.result(item.at("result").text)} ${reason === "" ? "" : words.reason(reason)}`.trim();
      }),
  ],
  from({ zh: "行数", en: "rows" }, "row_count"),
];

/** Calls over other roads. */
export const callColumns: readonly Column[] = [
  from({ zh: "序号", en: "position" }, "position"),
  time({ zh: "时间", en: "time" }, "time"),
  [{ zh: "途径", en: "road" }, (item) => said((words) => words.road(item.at("road").text))],
  from({ zh: "流水号", en: "call" }, "call"),
  from({ zh: "使用部门", en: "consumer" }, "consumer"),
  from({ zh: "数据", en: "dataset" }, "dataset"),
  from({ zh: "行数", en: "rows" }, "rows"),
  [
    { zh: "授权核对", en: "by the ledger" },
    (item) => {
      const reason = item.at("reason").text;
      return reason === "" ? { zh: "已授权", en: "granted" } : said((words) => words.reason(reason));
    },
  ],
  [{ zh: "对方核对", en: "other side" }, (item) => said((words) => words.otherSide(item.at("otherSide").text))],
];

export const lackingColumns: readonly Column[] = [
  from({ zh: "对方部门", en: "department" }, "department"),
  time({ zh: "时间", en: "time" }, "facts.time"),
  from({ zh: "流水号", en: "call" }, "facts.call"),
  from({ zh: "数据", en: "dataset" }, "facts.dataset"),
  from({ zh: "行数", en: "rows" }, "facts.rows"),
];

export const callNoteColumns: readonly Column[] = [
  time({ zh: "时间", en: "time" }, "time"),
  from({ zh: "出处", en: "source" }, "source"),
  from({ zh: "流水号", en: "call" }, "call"),
  [{ zh: "情况", en: "what" }, (item) => ({ zh: item.at("message.zh").text, en: item.at("message.en").text })],
  from({ zh: "详情", en: "in particular" }, "said"),
];

/** Filings that were refused, as an audit tells of them. */
export const refusedColumns: readonly Column[] = [
  from({ zh: "序号", en: "position" }, "position"),
  time({ zh: "时间", en: "time" }, "ledger.time"),
  [{ zh: "提交人", en: "by" }, (item) => `${item.at("department").text} ${item.at("officer").text}`],
  [{ zh: "行为", en: "act" }, (item) => `${item.at("noun").text}.${item.at("command").text}`],
  [{ zh: "事项", en: "case" }, (item) => short(item.at("case").text)],
  [{ zh: "原因", en: "why" }, (item) => ({ zh: item.at("message.zh").text, en: item.at("message.en").text })],
];

/** Counts: by what, and of which time. */
export const countColumns = (by: string, per: string): readonly Column[] => [
  per === "day" ? from({ zh: "日期", en: "day" }, per) : from({ zh: "时间（小时）", en: "hour" }, per),
  COUNTED_BY[by] ?? from({ zh: by, en: by }, by),
  [{ zh: "结果", en: "result" }, (item) => said((words) => words.result(item.at("result").text))],
  from({ zh: "次数", en: "accesses" }, "accesses"),
  from({ zh: "行数", en: "rows" }, "rows"),
  from({ zh: "查无结果", en: "found nothing" }, "empty"),
];

/** By the member that counts name it by. */
const COUNTED_BY: Readonly<Record<string, Column>> = {
  purpose: value({ zh: "用途", en: "purpose" }, "purpose", "purpose"),
  scenario: from({ zh: "应用场景", en: "scenario" }, "scenario"),
  consumer: from({ zh: "使用部门", en: "consumer" }, "consumer"),
  provider: from({ zh: "提供部门", en: "provider" }, "provider"),
  dataset: from({ zh: "数据资源", en: "dataset" }, "dataset"),
  officer: [{ zh: "经办人", en: "officer" }, (item) => whoOf(item, "")],
  operator: from({ zh: "运营企业", en: "operator" }, "operator"),
  way: [{ zh: "方式", en: "way" }, (item) => said((words) => words.way(item.at("way").text))],
  road: [{ zh: "途径", en: "road" }, (item) => said((words) => words.road(item.at("road").text))],
  reason: [{ zh: "原因", en: "reason" }, (item) => said((words) => words.reason(item.at("reason").text))],
};
export const ACCESSES_COUNTED_BY: readonly string[] = Object.keys(COUNTED_BY);

export const warningColumns: readonly Column[] = [
  [{ zh: "编号", en: "warning" }, (item) => short(item.at("id").text)],
  from({ zh: "日期", en: "day" }, "day"),
  [{ zh: "预警", en: "what" }, (item) => ({ zh: item.at("title.zh").text, en: item.at("title.en").text })],
  [{ zh: "使用方", en: "by" }, (item) => whoOf(item, "consumer")],
  from({ zh: "数据资源", en: "dataset" }, "dataset"),
  [{ zh: "依据", en: "why" }, (item) => ({ zh: item.at("message.zh").text, en: item.at("message.en").text })],
  [
    { zh: "核查", en: "looked into" },
    (item) =>
      item
        .at("marks")
        .items.map((mark) => `${mark.at("officer").text}: ${mark.at("note").text}`)
        .join("; "),
  ],
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

/** Marks speak up; a release that nothing is known against says nothing. */
const mark: Column = [
  { zh: "可靠性", en: "reliability" },
  (item) => {
    const { text } = item.at("mark");
    if (text === "none") return "";
    const word = said((words) => words.value("mark", text));
    const anew = short(item.at("madeAnewBy").text);
    return anew === "" ? word : { zh: `${word.zh}，已由 ${anew} 重做`, en: `${word.en}, made anew by ${anew}` };
  },
];

export const lineageColumns: readonly Column[] = [
  from({ zh: "步", en: "step" }, "step"),
  [
    { zh: "种类", en: "kind" },
    (item) =>
      said((words) =>
        item.at("noun").text === "product"
          ? words.value("kind", item.at("product.kind").text)
          : words.noun(item.at("noun").text),
      ),
  ],
  [{ zh: "编号", en: "number" }, (item) => short(item.at("release").text)],
  from({ zh: "部门", en: "department" }, "provider"),
  from({ zh: "名称", en: "name" }, "name"),
  time({ zh: "登记时间", en: "registered" }, "registered.time"),
  [{ zh: "状态", en: "status" }, (item) => said((words) => words.state(item.at("noun").text, item.at("status").text))],
  mark,
  [
    { zh: "所依据的有误批次", en: "rests on" },
    (item) =>
      item
        .at("restsOn")
        .items.map((source) => short(source.text))
        .join(" "),
  ],
];

/** What rests on wrong data: an explanation names one of its causes. */
export const affectedColumns: readonly Column[] = [
  [{ zh: "种类", en: "kind" }, (item) => said((words) => words.noun(item.at("noun").text))],
  [{ zh: "编号", en: "number" }, (item) => short(item.at("case").text)],
  from({ zh: "名称", en: "name" }, "name"),
  [{ zh: "所依据的有误批次", en: "rests on" }, (item) => shortAll(item.at("restsOn").items)],
  [{ zh: "事由", en: "because of" }, (item) => shortAll(item.at("causes").items)],
];

const shortAll = (ids: readonly Json[]): string => ids.map(({ text }) => short(text)).join(" ");

/** Fields that became others. */
export const fieldLinkColumns: readonly Column[] = [
  [{ zh: "来源", en: "from" }, (item) => short(item.at("from.release").text)],
  from({ zh: "字段", en: "field" }, "from.field"),
  [{ zh: "加工方式", en: "how" }, (item) => said((words) => words.value("how", item.at("how").text))],
  [{ zh: "去向", en: "to" }, (item) => short(item.at("to.release").text)],
  from({ zh: "字段", en: "field" }, "to.field"),
  [{ zh: "程序", en: "program" }, (item) => short(item.at("program").text)],
];

/** A case as it stood. */
export const stateColumns: readonly Column[] = [
  from({ zh: "事项", en: "case" }, "case"),
  state,
  from({ zh: "行为", en: "act" }, "act"),
  [{ zh: "交易", en: "transaction" }, (item) => short(item.at("transactionId").text)],
  time({ zh: "变更时间", en: "changed" }, "changed.time"),
];

export const caseAtColumns: readonly Column[] = [...stateColumns, about("state")];

/** What changed, in the words of forms; what it was and is, `--json` tells. */
export const changeColumns: readonly Column[] = [
  [
    { zh: "事项", en: "case" },
    (item) => said((words) => `${words.noun(item.at("noun").text)} ${short(item.at("case").text)}`),
  ],
  [
    { zh: "先前", en: "before" },
    (item) => said((words) => words.state(item.at("noun").text, item.at("before.status").text)),
  ],
  [
    { zh: "其后", en: "after" },
    (item) => said((words) => words.state(item.at("noun").text, item.at("after.status").text)),
  ],
  [{ zh: "行为", en: "acts" }, (item) => `${item.at("before.act").text || "0"}→${item.at("after.act").text}`],
  [
    { zh: "有变的内容", en: "what changed" },
    (item) => {
      // What began has all of it new, and that is no news.
      if (item.at("before").value === undefined) return { zh: "新开始", en: "began" };
      const members = item.at("members").items.map((one) => one.at("member").text);
      return { zh: members.map(ZH.member).join("、"), en: members.map(EN.member).join(", ") };
    },
  ],
];
