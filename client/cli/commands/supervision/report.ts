import { writeFile } from "node:fs/promises";
import { denseTimeText, wordsIn } from "@wanlian/words/index.js";
import type { Command } from "commander";
import type { Column } from "../../columns.js";
import type { Context } from "../../context.js";
import type { Json } from "../../json.js";

interface ReportOptions {
  readonly from: string;
  readonly to: string;
  readonly department?: string;
  readonly out?: string;
}

/** `evaluation report`: a period's report, of the city or a department, on the screen or as a PDF file. */
export function addSupervisionReport(evaluation: Command, context: Context): void {
  const t = context.t.bind(context);
  evaluation
    .command("report")
    .description(
      t({
        zh: "督查报告：指标及计算方法、逾期清单、公布与核对情况",
        en: "the report of a period: indicators and how they are counted, what is overdue, what was published and who confirms it",
      }),
    )
    .requiredOption("--from <day>")
    .requiredOption("--to <day>")
    .option("--department <MSP>", t({ zh: "一个部门的报告；缺省为全市", en: "of one department; default: the city" }))
    .option("--out <file.pdf>", t({ zh: "写成供打印的 PDF 文件", en: "writes it as a PDF file to print" }))
    .action(async ({ out, ...query }: ReportOptions) => {
      const client = await context.client();
      if (out !== undefined) {
        await writeFile(out, await client.bytes("/supervision-report/pdf", { ...query }));
        return;
      }
      const answer = await client.get("/supervision-report", { ...query });
      if (context.wantsJson) return context.show(answer, () => "");
      const isCity = query.department === undefined;
      context.showList(answer.at(isCity ? "city" : "figures").items, figureColumns(context));
      context.surroundings.out.write(context.listing(belowFigures(context, answer)));
    });
}

function figureColumns(context: Context): readonly Column[] {
  const words = wordsIn(context.language);
  return [
    [{ zh: "指标", en: "indicator" }, (row) => words.value("indicator", row.at("indicator").text)],
    [{ zh: "达标", en: "met" }, (row) => row.at("met").text],
    [{ zh: "总数", en: "of" }, (row) => row.at("total").text],
    [{ zh: "计算方法", en: "how it is counted" }, (row) => words.howCounted(row.at("indicator").text)],
  ];
}

function belowFigures(context: Context, answer: Json) {
  const words = wordsIn(context.language);
  const overdue = answer.at("overdue").items.map((one) => {
    const what = words.deadline(one.at("kind").text);
    return [
      { zh: `逾期：${what}`, en: `overdue: ${what}` },
      `${one.at("department").text} ${one.at("noun").text}/${one.at("case").text} ${denseTimeText(one.at("due").text)}`,
    ] as const;
  });
  const published = answer.at("publications").items.flatMap((one) => {
    const verdict =
      one.at("same").value === true ? { zh: "一致", en: "the same" } : { zh: "不一致", en: "NOT the same" };
    return [
      [
        { zh: "已公布", en: "published" },
        `${one.at("case").text} ${one.at("digest").text} ${context.t(verdict)}`,
      ] as const,
      ...one.at("words").items.map((word) => {
        const said = context.t(SAID[word.at("said").text] ?? NOTHING_SAID);
        return [{ zh: `　${word.at("department").text}`, en: `  ${word.at("department").text}` }, said] as const;
      }),
    ];
  });
  return [[{ zh: "本节点摘要", en: "own digest" }, answer.at("digest").text] as const, ...overdue, ...published];
}

const NOTHING_SAID = { zh: "未表示", en: "has said nothing" };
const SAID: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  confirmed: { zh: "认可", en: "confirms" },
  contested: { zh: "质疑", en: "contests" },
  nothing: NOTHING_SAID,
};
