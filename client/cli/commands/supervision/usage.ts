import { writeFile } from "node:fs/promises";
import { wordsIn } from "@wanlian/words/index.js";
import { type Command, Option } from "commander";
import type { Column } from "../../columns.js";
import type { Context } from "../../context.js";
import { Json } from "../../json.js";

/** `usage differences`: where provider and consumer state different figures. */
export function addUsageDifferences(usage: Command, context: Context): void {
  usage
    .command("differences")
    .description(context.t({ zh: "双方填报不一致的用数", en: "use whose two sides state different figures" }))
    .option("--month <month>", context.t({ zh: "如 2026-10；缺省为全部", en: "such as 2026-10; default: all" }))
    .action(async ({ month }: { readonly month?: string }) => {
      const answer = await (await context.client()).get("/usage-differences", { month });
      context.showList(answer.at("items").items, differenceColumns(context));
    });
}

/** `usage city`: what the city's departments state of their use, month by month. */
export function addCityUse(usage: Command, context: Context): void {
  const t = context.t.bind(context);
  usage
    .command("city")
    .description(
      t({
        zh: "全市用数及趋势，按月汇总各部门填报",
        en: "the city's use and its trend: what departments state, by month",
      }),
    )
    .addOption(new Option("--by <by>").choices(["dataset", "provider", "consumer", "call", "purpose", "scenario"]))
    .option("--from <month>", t({ zh: "如 2026-01", en: "such as 2026-01" }))
    .option("--to <month>", t({ zh: "如 2026-12", en: "such as 2026-12" }))
    .action(
      async ({ by = "dataset", ...months }: { readonly by?: string; readonly from?: string; readonly to?: string }) => {
        const answer = await (await context.client()).get("/city-use", { by, ...months });
        context.showList(answer.at("items").items, cityColumns(context, by));
      },
    );
}

function cityColumns(context: Context, by: string): readonly Column[] {
  const words = wordsIn(context.language);
  const [zh, en] = [wordsIn("zh").member(by), wordsIn("en").member(by)];
  const isValue = by === "call" || by === "purpose";
  return [
    [{ zh: "月份", en: "month" }, (row) => row.at("month").text],
    [{ zh, en }, (row) => (isValue ? words.value(by, row.at("of").text) : row.at("of").text)],
    [{ zh: "已提供（次数/行）", en: "served (times/rows)" }, sideOf],
    [{ zh: "未提供", en: "not served" }, (row) => row.at("refused").text],
    [{ zh: "对方未确认", en: "unconfirmed" }, (row) => row.at("unconfirmed").text],
  ];
}

/** `usage draft`: what is to be stated of a month, from the own node's log. */
export function addUsageDraft(usage: Command, context: Context): void {
  const t = context.t.bind(context);
  usage
    .command("draft")
    .description(t({ zh: "按本节点日志算出应填报的用数", en: "what is to be stated, by the own node's log" }))
    .requiredOption("--month <month>", t({ zh: "如 2026-10", en: "such as 2026-10" }))
    .option(
      "--out <file>",
      t({
        zh: "填报用的内容写入文件；一项行为放不下时，其余写入 文件.2、文件.3……",
        en: "writes what is to be filed; what one act has no room for goes to FILE.2, FILE.3 …",
      }),
    )
    .action(async ({ month, out }: { readonly month: string; readonly out?: string }) => {
      const answer = await (await context.client()).get("/usage-draft", { month });
      const bodies = answer.at("bodies").items;
      if (out !== undefined)
        for (const [at, body] of bodies.entries())
          await writeFile(at === 0 ? out : `${out}.${at + 1}`, `${JSON.stringify(body.value, null, 2)}\n`);
      if (context.wantsJson) return context.show(answer, () => "");
      context.showList(answer.at("open").items.flatMap(countsOf), draftColumns(context));
    });
}

/** One a figure, with what its line is about. */
const countsOf = (line: Json): Json[] =>
  line.at("counts").items.map((count) => new Json({ ...Object(line.value), ...Object(count.value) }));

function draftColumns(context: Context): readonly Column[] {
  const words = wordsIn(context.language);
  return [
    [{ zh: "本方", en: "side" }, (row) => words.value("side", row.at("side").text)],
    [{ zh: "数据资源", en: "dataset" }, (row) => row.at("dataset").text],
    [{ zh: "对方部门", en: "counterpart" }, (row) => row.at("counterpart").text],
    [{ zh: "类型、用途、场景", en: "type, purpose, scenario" }, (row) => whatFor(context, row)],
    [{ zh: "已提供（次数/行）", en: "served (times/rows)" }, sideOf],
    [{ zh: "未提供", en: "not served" }, (row) => row.at("refused").text],
  ];
}

function whatFor(context: Context, row: Json): string {
  const words = wordsIn(context.language);
  const call = words.value("call", row.at("call").text);
  return [call, words.value("purpose", row.at("purpose").text), row.at("scenario").text].join(" · ");
}

function differenceColumns(context: Context): readonly Column[] {
  return [
    [{ zh: "月份", en: "month" }, (row) => row.at("month").text],
    [{ zh: "数据资源", en: "dataset" }, (row) => row.at("dataset").text],
    [{ zh: "使用部门", en: "consumer" }, (row) => row.at("consumer").text],
    [{ zh: "类型、用途、场景", en: "type, purpose, scenario" }, (row) => whatFor(context, row)],
    [{ zh: "提供方（次数/行）", en: "provider (times/rows)" }, (row) => sideOf(row.at("provided"))],
    [{ zh: "使用方（次数/行）", en: "consumer (times/rows)" }, (row) => sideOf(row.at("used"))],
  ];
}

const sideOf = (side: Json): string => `${side.at("served").text}/${side.at("rows").text}`;
