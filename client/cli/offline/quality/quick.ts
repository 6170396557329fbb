import type { Command } from "commander";
import type { Context } from "../../context.js";
import { CliError } from "../../errors.js";
import type { Json } from "../../json.js";
import { table } from "../../table.js";
import { readTextFile } from "../text-file.js";

interface QuickOptions {
  readonly rules?: string;
  readonly against: readonly string[];
}

/** `quality quick`: one record, or a cell of it, by the own node: against rules, and by verifications under grants. */
export function addQuickCheck(quality: Command, context: Context): void {
  const t = context.t.bind(context);
  quality
    .command("quick <column=value...>")
    .description(
      t({
        zh: "快速校核一条记录或一个单元格：按规则检查，并凭授权向其他部门核验",
        en: "check one record or cell at once, by rules and by verifications under grants",
      }),
    )
    .option("--rules <path>", t({ zh: "质量规则（YAML）", en: "the rules, YAML" }))
    .option(
      "--against <grant:columns>",
      t({
        zh: "授权及标识一行的字段，如 ID:code；可多次给出",
        en: "a grant and the columns that name the row, ID:code say; may be repeated",
      }),
      (source: string, before: readonly string[]) => [...before, source],
      [] as readonly string[],
    )
    .action(async (cells: string[], { rules, against }: QuickOptions) => {
      const body = {
        record: Object.fromEntries(cells.map(cellOf)),
        ...(rules === undefined ? {} : { rules: await readTextFile(rules) }),
        ...(against.length === 0 ? {} : { sources: against.map(sourceOf) }),
      };
      const answer = await (await context.client()).post("/quick-checks", body);
      context.show(answer, () => shown(context, answer));
      if (answer.at("passed").value !== true) {
        throw new CliError("FOUND", { zh: "校核未通过。", en: "The check is not passed." });
      }
    });
}

/** `column=` is an empty text, `column` alone a missing value. */
function cellOf(cell: string): [string, string | null] {
  const at = cell.indexOf("=");
  return at < 0 ? [cell, null] : [cell.slice(0, at), cell.slice(at + 1)];
}

function sourceOf(source: string): { grant: string; by: string[] } {
  const [grant = "", columns = ""] = source.split(":");
  if (columns !== "") return { grant, by: columns.split(",") };
  throw new CliError("USAGE", { zh: `“${source}”不是 授权:字段。`, en: `"${source}" is not grant:columns.` });
}

const OUTCOMES = {
  passed: { zh: "通过", en: "passed" },
  failed: { zh: "未通过", en: "FAILED" },
  missing: { zh: "缺值，不适用", en: "value missing, not looked at" },
  needsColumns: { zh: "缺字段，未检查", en: "columns not given" },
  needsTable: { zh: "须检查整表", en: "needs the whole table" },
  agrees: { zh: "一致", en: "agrees" },
  differs: { zh: "不同", en: "DIFFERS" },
  absent: { zh: "没有此行", en: "NOT THERE" },
  refused: { zh: "已拒绝", en: "REFUSED" },
  noAnswer: { zh: "没有答复", en: "NO ANSWER" },
} as const;

function shown(context: Context, answer: Json): string {
  const outcomeOf = (one: Json) => {
    const outcome = one.at("outcome").text;
    return context.t(OUTCOMES[outcome as keyof typeof OUTCOMES] ?? { zh: outcome, en: outcome });
  };
  const rules = answer
    .at("rules")
    .items.map((rule) => [outcomeOf(rule), rule.at("rule").text, rule.at(`message.${context.language}`).text]);
  const sources = answer
    .at("sources")
    .items.map((source) => [
      outcomeOf(source),
      source.at("grant").text,
      [source.at("differing").text, source.at("reason").text, source.at("code").text].filter(Boolean).join(" "),
    ]);
  const heading = (zh: string, en: string) => context.t({ zh, en });
  return [
    ...(rules.length === 0
      ? []
      : [table([heading("结果", "result"), heading("规则", "rule"), heading("说明", "what it says")], rules)]),
    ...(sources.length === 0
      ? []
      : [
          table([heading("结果", "result"), heading("授权", "grant"), heading("字段或原因", "fields or why")], sources),
        ]),
  ].join("\n");
}
