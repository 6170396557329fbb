import { writeFile } from "node:fs/promises";
import { wordsIn } from "@wanlian/words/index.js";
import type { Command } from "commander";
import type { Column } from "../../columns.js";
import type { Context } from "../../context.js";
import { CliError } from "../../errors.js";
import type { Json } from "../../json.js";

/** `evaluation compute` and `check`: a period's figures by the own node's ledger, alone or against what was published. */
export function addEvaluations(evaluation: Command, context: Context): void {
  const t = context.t.bind(context);
  evaluation
    .command("compute")
    .description(t({ zh: "按本节点账本计算各部门指标", en: "each department's indicators by the own node's ledger" }))
    .requiredOption("--from <day>")
    .requiredOption("--to <day>")
    .option("--out <file>", t({ zh: "公布用的内容写入文件", en: "writes what publishing it would say" }))
    .action(async ({ from, to, out }: { readonly from: string; readonly to: string; readonly out?: string }) => {
      const answer = await (await context.client()).get("/indicators", { from, to });
      if (out !== undefined) await writeFile(out, `${JSON.stringify(answer.at("body").value, null, 2)}\n`);
      context.showList(answer.at("items").items, figureColumns(context));
    });
  evaluation
    .command("check <case>")
    .description(
      t({
        zh: "以本节点的计算核对；有不同时退出码为1",
        en: "against the own node's computation; exit code 1 where they differ",
      }),
    )
    .action(async (id: string) => {
      const answer = await (await context.client()).get(`/evaluations/${encodeURIComponent(id)}/check`);
      context.show(answer, () => checked(context, answer));
      if (answer.at("same").value === true) return;
      throw new CliError("FOUND", {
        zh: "公布的数字与本节点的计算不一致。",
        en: "What was published is not what this node computes.",
      });
    });
}

function checked(context: Context, answer: Json): string {
  const words = wordsIn(context.language);
  const isSame = answer.at("same").value === true;
  const verdict = isSame ? { zh: "一致", en: "the same" } : { zh: "不一致", en: "DIFFERENT" };
  const figures = answer.at("items").items.map((row) => {
    const [published, computed] = [pairOf(row.at("published")), pairOf(row.at("computed"))];
    const name = `${row.at("department").text} ${words.value("indicator", row.at("indicator").text)}`;
    return [{ zh: name, en: name }, `${published} → ${computed}`] as const;
  });
  return context.listing([
    [{ zh: "核对结果", en: "checked" }, context.t(verdict)],
    [{ zh: "本节点摘要", en: "own digest" }, answer.at("digest").text],
    [
      { zh: "逾期事项（公布→计算）", en: "overdue (published → computed)" },
      `${answer.at("publishedOverdue").text} → ${answer.at("overdue").items.length}`,
    ],
    ...figures,
  ]);
}

const pairOf = (pair: Json): string => pair.items.map(({ text }) => text).join("/") || "–";

function figureColumns(context: Context): readonly Column[] {
  const words = wordsIn(context.language);
  return [
    [{ zh: "部门", en: "department" }, (row) => row.at("department").text],
    [{ zh: "指标", en: "indicator" }, (row) => words.value("indicator", row.at("indicator").text)],
    [{ zh: "达标", en: "met" }, (row) => row.at("met").text],
    [{ zh: "总数", en: "of" }, (row) => row.at("total").text],
  ];
}
