import { readFile, writeFile } from "node:fs/promises";
import { canonicalJson } from "@wanlian/model/canonical.js";
import { type DatasetId, providerOf } from "@wanlian/model/identifiers.js";
import { releaseRoot } from "@wanlian/model/release/release-root.js";
import { type Command, Option } from "commander";
import { ExchangeError } from "../../core/index.js";
import type { SourcePlace } from "../../exchange/sources/index.js";
import type { Report } from "../../quality/index.js";
import { type ReleaseDigest, TEXT_ENCODINGS } from "../../sheets/index.js";
import { assertUnchanged, stampOf } from "../../tables/index.js";
import type { Context } from "../context.js";
import { CliError } from "../errors.js";
import type { Json } from "../json.js";
import { chinaToday } from "./china-today.js";
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

/** `assessment state --data --by`: what is stated comes from a check that is made here. */
export function addAssessmentFile(command: Command, context: Context): void {
  const t = context.t.bind(context);
  command
    .option(
      "--data <file>",
      t({ zh: "检查此文件（CSV、Excel 或 Parquet）", en: "check this file: CSV, Excel or Parquet" }),
    )
    .option(
      "--data-table <schema.table>",
      t({ zh: "或检查此数据库表或视图", en: "or this table or view of a database" }),
    )
    .option(
      "--data-service <url>",
      t({ zh: "或检查此 HTTP 服务的 JSON 应答", en: "or what this HTTP service answers as JSON" }),
    )
    .option(
      "--columns <names>",
      t({ zh: "批次只取这些字段（逗号分隔）", en: "the release has these columns alone, with commas" }),
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
  addTableOptions(command, context);
  addServiceOptions(command, context);
  addNamedTables(command, context);
}

/** What {@link addAssessmentFile} adds to a command line. */
export interface AssessmentOptions extends TableOptions, ServiceOptions, FileFormat {
  readonly data?: string;
  readonly dataTable?: string;
  readonly dataService?: string;
  readonly columns?: string;
  readonly by?: string;
  readonly asOf?: string;
  readonly out?: string;
  readonly withoutRows?: true;
  readonly table?: readonly string[];
}

/** What is stated, and the report of the check that was made for it. */
export interface MadeAssessment {
  readonly body: Record<string, unknown>;
  readonly report?: Report;
}

/**
 * The body of `assessment state` with what the check of the data came to; any other body as it is.
 * @throws ExchangeError SOURCE_CHANGED where the data changes meanwhile; CliError NOT_THE_RELEASE where the release is named and the data is not of it
 */
export async function assessmentBody(
  context: Context,
  name: string,
  body: Record<string, unknown>,
  options: AssessmentOptions,
): Promise<MadeAssessment> {
  const place = name === "assessment.state" ? await placeOf(context, options) : undefined;
  if (place === undefined) return { body };
  const { by, asOf = chinaToday(), out, withoutRows: isBare, table = [] } = options;
  if (by === undefined) throw new CliError("USAGE", { zh: "请用 --by 给出规则。", en: "Give the rules by --by." });
  // Loaded for this command alone: the engine is a native library.
  const { checkTable, parseRules, reportDigest, statementOf, withoutRows } = await import("../../quality/index.js");
  // What is digested and what is checked has to be one and the same.
  const stamp = "path" in place ? await stampOf(place.path) : undefined;
  const read = await digestOf(place);
  const digest = partOf(read, options);
  const of = await checkedAgainst(
    context,
    String(options.data ?? options.dataTable ?? options.dataService),
    digest,
    body.release,
  );
  const rules = parseRules(await readFile(by));
  const asked = { file: place, rules, asOf, tables: namedTables(table) };
  const whole = await watched(context, (watching) => checkTable({ ...asked, ...watching }));
  if ("path" in place && stamp !== undefined) await assertUnchanged(place.path, stamp);
  else if (whole.table.digest !== read.root) {
    throw new ExchangeError("SOURCE_CHANGED", "the data changed while it was checked");
  }
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

/** Where the data is; undefined where the body says all. @throws CliError USAGE */
async function placeOf(context: Context, options: AssessmentOptions): Promise<SourcePlace | undefined> {
  const { data, dataTable, dataService } = options;
  if ([data, dataTable, dataService].filter((one) => one !== undefined).length > 1) {
    throw new CliError("USAGE", {
      zh: "--data、--data-table、--data-service 只能给一个。",
      en: "Give one of --data, --data-table and --data-service.",
    });
  }
  if (data !== undefined) return await filePlace(context, data, options);
  if (dataTable !== undefined) return tablePlace(dataTable, options);
  return dataService === undefined ? undefined : servicePlace(dataService, options);
}

async function digestOf(place: SourcePlace): Promise<ReleaseDigest> {
  const { digestSource, sourceAt } = await import("../../exchange/sources/index.js");
  const source = await sourceAt(place);
  try {
    return await digestSource(source, await source.fields());
  } finally {
    await source.close?.();
  }
}

/** What a release of some columns would be registered with. @throws CliError USAGE */
function partOf(read: ReleaseDigest, { columns }: AssessmentOptions): ReleaseDigest {
  if (columns === undefined) return read;
  const fields = columns.split(",").map((column) => {
    const field = read.fields.find(({ name }) => name === column.trim());
    if (field !== undefined) return field;
    throw new CliError("USAGE", { zh: `数据中没有字段“${column}”。`, en: `The data has no column "${column}".` });
  });
  return { ...read, fields, root: releaseRoot(fields) };
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
