import type { Language, Words } from "@wanlian/protocol/language.js";
import { wordsIn } from "@wanlian/words/index.js";
import { Type } from "typebox";
import { AuditFilter, COUNTED_BY, COUNTED_PER, type COUNTED_UNDER } from "../../../access/index.js";
import { defused } from "../../../sheets/index.js";
import { AccessCount } from "../../answers/access.js";
import { text } from "../../answers/answer.js";
import type { OfficersExchange } from "../../officers-exchange.js";
import { type Operation, operation } from "../../operation.js";
import { listOf } from "../../schemas.js";
import type { ExchangeSource } from "./asked-of-grant.js";

const closed = { additionalProperties: false } as const;

/** Rows that are read at once for a sheet. */
const SHEET_PAGE = 1000;

/** What the node's own log comes to, in figures. */
export function countOperations(exchange: ExchangeSource): Operation[] {
  return [countAccesses(exchange), exportCounts(exchange)];
}

function countAccesses(exchange: ExchangeSource): Operation {
  return operation({
    id: "countAccesses",
    tag: "exchange",
    method: "get",
    route: "/accesses/counts",
    summary: {
      zh: "按日期（或小时）、结果和用途（或场景、部门、经办人、数据资源、方式等）统计调用",
      en: "Accesses counted by day or hour, outcome, and purpose or scenario, department, officer, dataset, way",
    },
    query: Type.Object(
      {
        ...AuditFilter.properties,
        by: Type.Optional(Type.Enum([...COUNTED_BY], { description: "Default: purpose" })),
        per: Type.Optional(Type.Enum([...COUNTED_PER], { description: "Default: day" })),
      },
      closed,
    ),
    answers: { 200: listOf(AccessCount, "In the order of time") },
    handle: async ({ query: { by, per, ...filter } }) => {
      const { index, catchUp } = exchange();
      await catchUp();
      const wishes = { ...(by === undefined ? {} : { by }), ...(per === undefined ? {} : { per }) };
      return { status: 200, body: { items: await index.count(filter, wishes) } };
    },
  });
}

function exportCounts(exchange: ExchangeSource): Operation {
  return operation({
    id: "exportAccessCounts",
    tag: "exchange",
    method: "get",
    route: "/accesses/counts/csv",
    media: "text/csv",
    summary: {
      zh: "调用统计表（CSV）：按小时及全部口径；单元格不会被当作公式",
      en: "Accesses counted by the hour and everything else, as CSV; no cell is a formula",
    },
    query: Type.Object(AuditFilter.properties, closed),
    answers: { 200: text("CSV, with a line of headings") },
    handle: async ({ query, language }) => {
      const { index, catchUp } = exchange();
      await catchUp();
      return { status: 200, stream: sheet(index, query, language) };
    },
  });
}

type Column = (typeof COUNTED_UNDER)[number] | "accesses" | "row_count" | "empty";

const HEADINGS: readonly (readonly [Column, Words])[] = [
  ["hour", { zh: "时间（小时）", en: "hour" }],
  ["provider", { zh: "提供部门", en: "provider" }],
  ["consumer", { zh: "使用部门", en: "consumer" }],
  ["officer", { zh: "经办人", en: "officer" }],
  ["machine", { zh: "机器账户", en: "machine" }],
  ["operator", { zh: "运营企业", en: "operator" }],
  ["dataset", { zh: "数据资源", en: "dataset" }],
  ["grant_case", { zh: "授权", en: "grant" }],
  ["purpose", { zh: "用途", en: "purpose" }],
  ["scenario", { zh: "应用场景", en: "scenario" }],
  ["way", { zh: "方式", en: "way" }],
  ["road", { zh: "途径", en: "road" }],
  ["result", { zh: "结果", en: "outcome" }],
  ["reason", { zh: "原因", en: "reason" }],
  ["accesses", { zh: "次数", en: "accesses" }],
  ["row_count", { zh: "行数", en: "rows" }],
  ["empty", { zh: "查无结果", en: "found nothing" }],
];

/** RFC 4180, with a byte order mark: spreadsheets take Chinese for something else without one. */
async function* sheet(
  index: OfficersExchange["index"],
  filter: AuditFilter,
  language: Language,
): AsyncGenerator<string> {
  const words = wordsIn(language);
  const shown = (column: Column, value: string): string => {
    if (column === "purpose") return words.value("purpose", value);
    if (column === "way") return words.way(value);
    if (column === "road") return words.road(value);
    if (column === "result") return words.result(value);
    if (column === "machine") return value === "1" ? words.role("machine") : "";
    return value;
  };
  yield `\uFEFF${HEADINGS.map(([, heading]) => cell(heading[language])).join(",")}\r\n`;
  for (let page = await index.counts(filter, SHEET_PAGE); page.length > 0; ) {
    const lines = page.map((row) => HEADINGS.map(([column]) => cell(shown(column, String(row[column])))).join(","));
    yield lines.map((line) => `${line}\r\n`).join("");
    page = page.length < SHEET_PAGE ? [] : await index.counts(filter, SHEET_PAGE, page.at(-1));
  }
}

function cell(value: string): string {
  const text = defused(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
