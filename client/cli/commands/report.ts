import { readFile, writeFile } from "node:fs/promises";
import { canonicalJson } from "@wanlian/model/canonical.js";
import type { Command } from "commander";
import { JsonFault, parseStrictJson } from "../../core/index.js";
import type { Context } from "../context.js";
import { CliError } from "../errors.js";
import type { Json } from "../json.js";
import { table } from "../table.js";

/** An assessment's report at the own node: looked at, asked of its author's node where it is not here, or put there. */
export function addReportCommands(assessment: Command, context: Context): void {
  const t = context.t.bind(context);
  assessment
    .command("report <case>")
    .description(
      t({
        zh: "质量评估的报告（本节点没有的，向作出评估的部门索取，并核对摘要）",
        en: "its report; asked of its author's node where it is not here, and checked against the digest",
      }),
    )
    .option("--out <path>", t({ zh: "存为规范 JSON", en: "write it as canonical JSON" }))
    .action(async (id: string, { out }: { readonly out?: string }) => {
      const answer = await (await context.client()).get(reportPath(id));
      if (out !== undefined) await writeFile(out, canonicalJson(answer.at("report").value));
      context.show(answer, () => shownReport(context, answer));
    });
  assessment
    .command("keep-report <case> <file>")
    .description(
      t({
        zh: "把报告存入本节点，供相关部门查看；须与账本上的摘要一致",
        en: "put its report into the own node, for those it concerns; it has to give the digest on the ledger",
      }),
    )
    .action(async (id: string, file: string) => {
      await sendReport(context, id, reportIn(file, await readFile(file)));
      context.surroundings.out.write(`${t({ zh: "已存入本节点", en: "It is at the node" })}\n`);
    });
}

/** Puts the report of an assessment into the own node. */
export async function sendReport(context: Context, id: string, report: unknown): Promise<void> {
  await (await context.client()).post(reportPath(id), { report });
}

const reportPath = (id: string): string => `/assessments/${encodeURIComponent(id)}/report`;

function reportIn(file: string, content: Uint8Array): unknown {
  try {
    return parseStrictJson(content);
  } catch (cause) {
    if (!(cause instanceof JsonFault)) throw cause;
    throw new CliError("USAGE", { zh: `${file} 不是 JSON。`, en: `${file} is not JSON.` }, { cause });
  }
}

function shownReport(context: Context, answer: Json): string {
  const t = context.t.bind(context);
  const report = answer.at("report");
  const rows = report
    .at("results")
    .items.map((result) => [
      result.at("passed").value === true ? t({ zh: "通过", en: "passed" }) : t({ zh: "未通过", en: "FAILED" }),
      result.at("id").text,
      `${result.at("failing").text} / ${result.at("checked").text}`,
    ]);
  const headings = [
    { zh: "结果", en: "result" },
    { zh: "规则", en: "rule" },
    { zh: "不合格/检查", en: "failing / checked" },
  ].map(t);
  const samples = report.at("results").items.flatMap((result) => {
    const sample = result.at("sample").items.map((row) => row.items.map((value) => value.string ?? "∅"));
    return sample.length === 0
      ? []
      : [
          `\n${result.at("id").text}\n`,
          table(
            result.at("sampleColumns").items.map(({ text }) => text),
            sample,
          ),
        ];
  });
  return [
    table(headings, rows),
    ...samples,
    "\n",
    context.listing([
      [{ zh: "部门", en: "department" }, answer.at("author").text],
      [{ zh: "行数", en: "rows" }, report.at("table.rows").text],
      [{ zh: "结论", en: "verdict" }, report.at("verdict").text],
      [{ zh: "引擎", en: "engine" }, report.at("engine").text],
      [{ zh: "报告摘要", en: "digest of the report" }, answer.at("digest").text],
    ]),
  ].join("");
}
