import { readFile, writeFile } from "node:fs/promises";
import { canonicalJson } from "@wanlian/model/canonical.js";
import { QUALITY_DIMENSIONS } from "@wanlian/model/model-1/quality.js";
import { type Command, Option } from "commander";
import type { Report, RuleSet, TablePlace } from "../../quality/index.js";
import { TEXT_ENCODINGS } from "../../sheets/index.js";
import type { Context } from "../context.js";
import { CliError } from "../errors.js";
import { table } from "../table.js";
import { chinaToday } from "./china-today.js";
import { findingCommands } from "./quality/findings.js";
import { addForeignRules } from "./quality/foreign.js";
import { addQuickCheck } from "./quality/quick.js";
import {
  addNamedTables,
  addServiceOptions,
  addTableOptions,
  type FileFormat,
  filePlace,
  namedTables,
  type ServiceOptions,
  servicePlace,
  type TableOptions,
  tablePlace,
} from "./table-place.js";
import { watched } from "./watched.js";

interface CheckOptions {
  readonly rules: string;
  readonly table: readonly string[];
  readonly asOf: string;
  readonly out?: string;
}

/** Checks of data: of files by themselves, and of what other departments have through the own node. */
export function qualityCommands(program: Command, context: Context): void {
  const t = context.t.bind(context);
  const quality = program.command("quality").description(t({ zh: "数据质量", en: "quality of data" }));
  const checking = (name: string, description: string) =>
    addNamedTables(
      quality
        .command(name)
        .description(description)
        .requiredOption("--rules <path>", t({ zh: "质量规则（YAML）", en: "the rules, YAML" })),
      context,
    )
      .option("--as-of <day>", t({ zh: "判断时效性的日期", en: "the day by which freshness is judged" }), chinaToday())
      .option("--out <path>", t({ zh: "报告存为规范 JSON", en: "write the report as canonical JSON" }));
  checking(
    "check <file>",
    t({
      zh: "按规则检查文件（CSV、Excel 或 Parquet）的每一行",
      en: "check every row of a file, CSV, Excel or Parquet, by rules",
    }),
  )
    .addOption(new Option("--encoding <name>").choices(TEXT_ENCODINGS))
    .option("--delimiter <character>", t({ zh: "分隔符", en: "between values" }))
    .action(async (file: string, options: CheckOptions & FileFormat) =>
      check(context, await filePlace(context, file, options), options),
    );
  addTableOptions(
    checking(
      "check-table <schema.table>",
      t({
        zh: "按规则检查数据库表或视图的每一行",
        en: "check every row of a table or view of a database by rules",
      }),
    ),
    context,
  ).action((name: string, options: CheckOptions & TableOptions) => check(context, tablePlace(name, options), options));
  addServiceOptions(
    checking(
      "check-service <url>",
      t({ zh: "按规则检查 HTTP 服务所应答的每一行", en: "check every row that an HTTP service answers by rules" }),
    ),
    context,
  ).action((url: string, options: CheckOptions & ServiceOptions) =>
    check(context, servicePlace(url, options), options),
  );
  findingCommands(quality, context);
  addQuickCheck(quality, context);
  addForeignRules(quality, context);
  quality
    .command("schema")
    .description(t({ zh: "输出规则文件的 JSON Schema", en: "print the JSON schema of a rule file" }))
    .action(async () => {
      const { RuleSetSchema } = await import("../../quality/index.js");
      context.surroundings.out.write(`${JSON.stringify(RuleSetSchema, undefined, 2)}\n`);
    });
}

async function check(context: Context, file: TablePlace, options: CheckOptions): Promise<void> {
  // Loaded for these commands alone: the engine is a native library.
  const { checkTable, parseRules, reportDigest } = await import("../../quality/index.js");
  const rules = parseRules(await readFile(options.rules));
  const { asOf } = options;
  const tables = namedTables(options.table);
  const asked = { file, rules, tables, asOf: day(asOf) };
  const report = await watched(context, (options) => checkTable({ ...asked, ...options }));
  const digest = reportDigest(report);
  if (options.out !== undefined) await writeFile(options.out, canonicalJson(report));
  const shown = await shownReport(context, rules, report, digest);
  context.showValue({ digest, report }, () => shown);
  if (report.verdict === "failed") {
    throw new CliError("FOUND", { zh: "检查未通过。", en: "The check is not passed." });
  }
}

async function shownReport(context: Context, rules: RuleSet, report: Report, digest: string): Promise<string> {
  const { messageOf, SCORE_FORMULA } = await import("../../quality/index.js");
  const t = context.t.bind(context);
  const results = report.results.map(({ id, rate, passed, failing, checked }) => [
    passed ? t({ zh: "通过", en: "passed" }) : t({ zh: "未通过", en: "FAILED" }),
    id,
    `${failing.toLocaleString("en")} / ${checked.toLocaleString("en")}`,
    rate === null ? "–" : percent(rate),
  ]);
  const headings = [
    { zh: "结果", en: "result" },
    { zh: "规则", en: "rule" },
    { zh: "不合格/检查", en: "failing / checked" },
    { zh: "通过率", en: "rate" },
  ].map(t);
  const findings = report.results.flatMap((result, at) => {
    const rule = rules.rules[at];
    if (result.failing === 0 || rule === undefined) return [];
    const measured = Object.entries(result.measured ?? {}).map(([name, value]) => [name, String(value)]);
    const rows = result.sample.map((row) => row.map((value) => value ?? "∅"));
    return [
      `\n${result.id}${t({ zh: "：", en: ": " })}${t(messageOf(rule))}\n`,
      rows.length > 0 ? table(result.sampleColumns, rows) : "",
      measured.length > 0 ? table(["", ""], measured) : "",
    ];
  });
  const scores = QUALITY_DIMENSIONS.flatMap((dimension) => {
    const score = report.scores.dimensions[dimension];
    return score === undefined ? [] : [[DIMENSIONS[dimension], percent(score)] as const];
  });
  const { total } = report.scores;
  return [
    table(headings, results),
    ...findings,
    "\n",
    context.listing([
      [{ zh: "行数", en: "rows" }, report.table.rows.toLocaleString("en")],
      ...scores,
      [{ zh: "总分", en: "total" }, total === null ? "–" : percent(total)],
      [{ zh: "算法", en: "how" }, t(SCORE_FORMULA)],
      [{ zh: "规则摘要", en: "digest of the rules" }, report.rules.digest],
      [{ zh: "报告摘要", en: "digest of the report" }, digest],
    ]),
  ].join("");
}

const DIMENSIONS = {
  compliance: { zh: "规范性", en: "compliance" },
  completeness: { zh: "完整性", en: "completeness" },
  accuracy: { zh: "准确性", en: "accuracy" },
  consistency: { zh: "一致性", en: "consistency" },
  timeliness: { zh: "时效性", en: "timeliness" },
  accessibility: { zh: "可访问性", en: "accessibility" },
} as const;

const percent = (tenThousandths: number): string => `${(tenThousandths / 100).toFixed(2)}%`;

function day(text: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new CliError("USAGE", {
    zh: `“${text}”不是日期（如 2026-11-30）。`,
    en: `"${text}" is no day like 2026-11-30.`,
  });
}
