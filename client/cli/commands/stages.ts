import { wordsIn } from "@wanlian/words/index.js";
import type { Command } from "commander";
import type { Column } from "../columns.js";
import type { Context } from "../context.js";

/** `dataset stages`: who is responsible for each stage of a dataset's life, by which standard, and how a release passed. */
export function addStages(dataset: Command, context: Context): void {
  const t = context.t.bind(context);
  dataset
    .command("stages <case>")
    .description(
      t({ zh: "全生命周期各环节的责任、标准和质量", en: "responsibility, standard and quality by stage of its life" }),
    )
    .option("--release <id>", t({ zh: "缺省为最新批次", en: "default: the newest release" }))
    .action(async (id: string, { release }: { readonly release?: string }) => {
      const [provider = "", code = ""] = id.split("/");
      const path = `/datasets/${encodeURIComponent(provider)}/${encodeURIComponent(code)}/stages`;
      const answer = await (await context.client()).get(path, { release });
      context.showList(answer.at("items").items, columns(context));
    });
}

const PER_CENT = 100;

function columns(context: Context): readonly Column[] {
  const words = wordsIn(context.language);
  return [
    [{ zh: "环节", en: "stage" }, (row) => words.value("stage", row.at("stage").text)],
    [{ zh: "责任部门", en: "responsible" }, (row) => `${row.at("responsible").text} ${row.at("unit").text}`.trim()],
    [{ zh: "标准", en: "standard" }, (row) => row.at("standard").text],
    [{ zh: "已过", en: "passed by" }, (row) => row.at("passedBy").text],
    [
      { zh: "检查", en: "check" },
      (row) => {
        const { number } = row.at("assessment.total");
        const passed = row.at("assessment.passed").value;
        if (passed === undefined) return "";
        const score = number === undefined ? "" : ` ${(number / PER_CENT).toFixed(2)}%`;
        const word = passed === true ? { zh: "通过", en: "passed" } : { zh: "未通过", en: "FAILED" };
        return `${context.t(word)}${score}`;
      },
    ],
  ];
}
