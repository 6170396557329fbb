import { readFile, writeFile } from "node:fs/promises";
import { canonicalJson } from "@wanlian/model/canonical.js";
import { type DatasetId, providerOf } from "@wanlian/model/identifiers.js";
import { type Command, Option } from "commander";
import type { Report } from "../../quality/index.js";
import { type ReleaseDigest, TEXT_ENCODINGS } from "../../sheets/index.js";
import { assertUnchanged, stampOf } from "../../tables/index.js";
import type { Context } from "../context.js";
import { CliError } from "../errors.js";
import type { Json } from "../json.js";
import { chinaToday } from "./china-today.js";
import { filePlace } from "./table-place.js";
import { watched } from "./watched.js";

/** `assessment state --data --by`: what is stated comes from a check that is made here. */
export function addAssessmentFile(command: Command, context: Context): void {
  const t = context.t.bind(context);
  command
    .option(
      "--data <file>",
      t({ zh: "检查此文件（CSV、Excel 或 Parquet）", en: "check this file: CSV, Excel or Parquet" }),
    )
    .option("--by <rules>", t({ zh: "按此质量规则（YAML）", en: "by these rules, YAML" }))
    .option("--as-of <day>", t({ zh: "判断时效性的日期", en: "the day by which freshness is judged" }))
    .option(
      "--out <path>",
      t({ zh: "报告存为规范 JSON，请妥善保存", en: "write the report as canonical JSON; keep it" }),
    )
    .option(
      "--without-rows",
      t({
        zh: "报告不列不合格的行，可交获得授权的部门查看",
        en: "show no failing rows in the report, so that whoever has a grant may see it",
      }),
    )
    .addOption(new Option("--encoding <name>").choices(TEXT_ENCODINGS))
    .option("--delimiter <character>", t({ zh: "分隔符", en: "between values" }));
}

/** What is stated, and the report of the check that was made for it. */
export interface MadeAssessment {
  readonly body: Record<string, unknown>;
  readonly report?: Report;
}

/**
 * The body of `assessment state` with what the check of a file came to; any other body as it is.
 * @throws ExchangeError SOURCE_CHANGED where the file is written to meanwhile; CliError NOT_THE_RELEASE where the release is named and the file is not of it
 */
export async function assessmentBody(
  context: Context,
  name: string,
  body: Record<string, unknown>,
  options: Readonly<Record<string, string | undefined>>,
): Promise<MadeAssessment> {
  const { data, by, asOf = chinaToday(), out, withoutRows: isBare } = options;
  if (name !== "assessment.state" || data === undefined) return { body };
  if (by === undefined) throw new CliError("USAGE", { zh: "请用 --by 给出规则。", en: "Give the rules by --by." });
  // Loaded for this command alone: the engine is a native library.
  const { checkTable, parseRules, reportDigest, statementOf, withoutRows } = await import("../../quality/index.js");
  const { digestSource, sourceAt } = await import("../../exchange/sources/index.js");
  const file = await filePlace(context, data, options);
  // What is digested and what is checked has to be one and the same.
  const stamp = await stampOf(data);
  const source = await sourceAt(file);
  const digest = await digestSource(source, await source.fields());
  await source.close?.();
  const of = await checkedAgainst(context, data, digest, body.release);
  const rules = parseRules(await readFile(by));
  const whole = await watched(context, (watching) => checkTable({ file, rules, asOf, ...watching }));
  await assertUnchanged(data, stamp);
  const report = isBare === undefined ? whole : withoutRows(whole);
  if (out !== undefined) await writeFile(out, canonicalJson(report));
  const dataset = typeof body.dataset === "string" ? body.dataset : of?.dataset;
  const stated = {
    ...(dataset === undefined ? {} : { dataset, kind: await kindOf(context, dataset) }),
    ...{ root: of?.root ?? digest.root, rows: digest.rows, rules: report.rules, engine: report.engine },
    ...{ report: reportDigest(report), ...statementOf(report) },
    ...body,
  };
  return { body: stated, report };
}

/** What is known of the release that the file has to be of; a granted part of its columns is enough. */
async function checkedAgainst(
  context: Context,
  file: string,
  { fields, rows }: ReleaseDigest,
  release: unknown,
): Promise<{ readonly dataset: string; readonly root: string } | undefined> {
  if (typeof release !== "string") return undefined;
  const [first] = await (await context.client()).all(`/releases/${release}/acts`, {});
  const registered = first?.at("body");
  const known = new Map(
    registered?.at("fields").items.map((field: Json) => [field.at("name").text, field.at("digest").text]),
  );
  const differs = fields.find(({ name, digest }) => known.get(name) !== digest);
  if (registered === undefined || differs !== undefined || registered.at("rows").number !== rows) {
    throw new CliError("NOT_THE_RELEASE", {
      zh: `${file} 不是批次 ${release}${differs === undefined ? "" : `：字段 ${differs.name} 不一致`}。`,
      en: `${file} is not release ${release}${differs === undefined ? "" : `: its column ${differs.name} differs`}.`,
    });
  }
  return { dataset: registered.at("dataset").text, root: registered.at("root").text };
}

async function kindOf(context: Context, dataset: string): Promise<"selfCheck" | "acceptance"> {
  const session = (await (await context.client()).get("/sessions/current")).at("session");
  return session.at("department").text === providerOf(dataset as DatasetId) ? "selfCheck" : "acceptance";
}
