import { chinaDay, ratioText, wordsIn } from "@wanlian/words/index.js";
import type { Command } from "commander";
import type { Column } from "../columns.js";
import type { Context } from "../context.js";
import { Json } from "../json.js";

/** `dataset scores`: what checks of a dataset's releases came to, release by release. */
export function addScores(dataset: Command, context: Context): void {
  const t = context.t.bind(context);
  dataset
    .command("scores <case>")
    .description(t({ zh: "各批次的质量得分及其变化", en: "scores of its releases, and their trend" }))
    .action(async (id: string) => {
      const [provider = "", code = ""] = id.split("/");
      const path = `/datasets/${encodeURIComponent(provider)}/${encodeURIComponent(code)}/scores`;
      const answer = await (await context.client()).get(path);
      context.showList(answer.at("items").items.flatMap(rowsOf), columns(context));
    });
}

/** A row for each check; a release without one has a row, too. */
function rowsOf(release: Json): Json[] {
  const checks = release.at("checks").items;
  const said = Object(release.value) as object;
  return (checks.length === 0 ? [undefined] : checks).map((check) => new Json({ ...said, ...Object(check?.value) }));
}

function columns(context: Context): readonly Column[] {
  const words = wordsIn(context.language);
  return [
    [{ zh: "批次", en: "release" }, (row) => row.at("release").text],
    [{ zh: "登记", en: "registered" }, (row) => chinaDay(row.at("registered").text)],
    [{ zh: "种类", en: "kind" }, (row) => words.value("kind", row.at("kind").text)],
    [{ zh: "提出部门", en: "author" }, (row) => row.at("author").text],
    [
      { zh: "结果", en: "outcome" },
      (row) => {
        const { value } = row.at("passed");
        if (value === undefined) return "";
        return context.t(value === true ? { zh: "合格", en: "passed" } : { zh: "不合格", en: "not passed" });
      },
    ],
    [{ zh: "总分", en: "total" }, (row) => score(row.at("total"))],
    [
      { zh: "各维度", en: "by dimension" },
      (row) =>
        row
          .at("scores")
          .items.map((one) => `${words.value("dimension", one.at("dimension").text)} ${score(one.at("ratio"))}`)
          .join(" "),
    ],
  ];
}

const score = ({ number }: Json): string => (number === undefined ? "" : ratioText(number));
