import { randomUUID } from "node:crypto";
import { type Command, Option } from "commander";
import type { LivePlace, Source } from "../../exchange/sources/index.js";
import { type CsvOptions, type ReleaseDigest, TEXT_ENCODINGS, type TextEncoding } from "../../sheets/index.js";
import type { Made } from "../../tables/index.js";
import type { Context } from "../context.js";
import { CliError } from "../errors.js";
import type { Json } from "../json.js";
import { table } from "../table.js";
import { encodingOf } from "./encoding.js";
import {
  addServiceOptions,
  addTableOptions,
  addTreeOption,
  filePlace,
  type ServiceOptions,
  servicePlace,
  type TableOptions,
  type TreeOptions,
  tablePlace,
  treeAt,
} from "./table-place.js";

const PROGRESS_MS = 5000;

// Loaded for these commands alone: the others need none of it, and their help comes at once.
const tables = () => import("../../tables/index.js");
const sources = () => import("../../exchange/sources/index.js");

/** Of a table of types: which columns are taken. */
interface ColumnOptions {
  readonly columns?: string | undefined;
}

interface FileOptions {
  readonly encoding?: string | undefined;
  readonly delimiter?: string | undefined;
  readonly fields?: string | undefined;
}

function addFileOptions(command: Command, context: Context): Command {
  return command
    .addOption(
      new Option(
        "--encoding <name>",
        context.t({ zh: "文件编码；缺省时自动识别", en: "of the file; recognised if not given" }),
      ).choices(TEXT_ENCODINGS),
    )
    .option("--delimiter <character>", context.t({ zh: "分隔符", en: "between values" }), ",");
}

/** `release register --file`: what is registered of the data comes from the file, and a tree over its rows beside it. */
export function addReleaseFile(command: Command, context: Context): void {
  command.option(
    "--file <path>",
    context.t({
      zh: "据此文件（CSV、Excel 或 Parquet）计算摘要和行数",
      en: "take digests and rows from this file: CSV, Excel or Parquet",
    }),
  );
  addFileOptions(command, context);
  command.option(
    "--table <schema.table>",
    context.t({ zh: "据此数据库表或视图计算摘要和行数", en: "or from this table or view of a database" }),
  );
  addTableOptions(command, context);
  command.option(
    "--service <url>",
    context.t({ zh: "据此 HTTP 服务的 JSON 应答计算摘要和行数", en: "or from what this HTTP service answers as JSON" }),
  );
  addServiceOptions(command, context);
  addTreeOption(command, context);
  command.option(
    "--columns <names>",
    context.t({
      zh: "只取这些字段（逗号分隔）",
      en: "of all but CSV: these columns alone, with commas",
    }),
  );
}

/**
 * The body of `release register` with what the file says; any other body as it is. Beside the file stands then the tree
 * over its rows, with the release's key.
 */
export async function releaseBody(
  context: Context,
  name: string,
  body: Record<string, unknown>,
  options: Readonly<Record<string, string | undefined>>,
): Promise<Record<string, unknown>> {
  if (name !== "release.register") return body;
  const made = await madeFrom(context, options);
  return { derivedFrom: [], selfCheck: [], ...made, ...body };
}

async function madeFrom(
  context: Context,
  options: FileOptions &
    TableOptions &
    ServiceOptions &
    TreeOptions &
    ColumnOptions & { readonly [where in Where]?: string | undefined },
): Promise<Record<string, unknown>> {
  const { file, table, service } = options;
  const given = [file, table, service].filter((one) => one !== undefined);
  if (given.length === 0) return {};
  if (given.length > 1) {
    throw new CliError("USAGE", {
      zh: "--file、--table、--service 只能给一个。",
      en: "Give one of --file, --table and --service.",
    });
  }
  const { release } =
    file !== undefined
      ? await makeFile(context, file, options)
      : table !== undefined
        ? await makeLive(context, tablePlace(table, options), options)
        : await makeLive(context, servicePlace(service ?? "", options), options);
  const { root, rows, fields, rowRoot } = release;
  return { root, rows, fields, rowRoot };
}

type Where = "file" | "table" | "service";

async function makeFile(context: Context, file: string, options: FileOptions & ColumnOptions): Promise<Made> {
  const { makeCsvRelease, stampOf } = await tables();
  const place = await filePlace(context, file, options);
  if (place.kind === "csv") return await makeCsvRelease(file, place, progressOf(context));
  const { sourceAt } = await sources();
  const { id } = await stampOf(file);
  return await makeFrom(context, file, id, await sourceAt(place), options);
}

/** A table or service may change at any time, so that what was begun before is never gone on with. */
async function makeLive(context: Context, place: LivePlace, options: TreeOptions & ColumnOptions): Promise<Made> {
  const base = treeAt(options);
  const { sourceAt } = await sources();
  return await makeFrom(context, base, randomUUID(), await sourceAt(place), options);
}

async function makeFrom(
  context: Context,
  base: string,
  data: string,
  source: Source,
  { columns }: ColumnOptions,
): Promise<Made> {
  try {
    const fields = columns?.split(",").map((name) => name.trim()) ?? (await source.fields());
    // Other columns of the same data are another release.
    const stamp = JSON.stringify([data, fields]);
    const read = async function* () {
      for await (const batch of source.read(fields)) yield { ...batch, fields };
    };
    const { makeRelease } = await tables();
    return await makeRelease(base, { stamp, read }, progressOf(context));
  } finally {
    await source.close?.();
  }
}

/** A long file takes a while: says how far it is, now and then. */
function progressOf({ surroundings, t }: Context): (rows: number, resumed: number) => void {
  let said = performance.now();
  return (rows, resumed) => {
    if (performance.now() - said < PROGRESS_MS) return;
    said = performance.now();
    const [count, before] = [rows.toLocaleString("en"), resumed.toLocaleString("en")];
    const again =
      resumed === 0 ? "" : t({ zh: `（其中上次已完成${before}行）`, en: ` (${before} of them done before)` });
    surroundings.err.write(`${t({ zh: `已处理${count}行`, en: `${count} rows done` })}${again}\n`);
  };
}

export function csvCommands(program: Command, context: Context): void {
  const csv = program.command("csv").description(context.t({ zh: "CSV 文件", en: "CSV files" }));
  addFileOptions(csv.command("digest <file>"), context)
    .description(context.t({ zh: "计算各字段摘要及总摘要", en: "a digest for each field, and the root over them" }))
    .option("--fields <names>", context.t({ zh: "只取这些字段（逗号分隔）", en: "only these, with commas" }))
    .action(async (file: string, options: FileOptions) => {
      const digest = await digestOf(context, file, options);
      context.showValue({ ...digest }, () => showDigest(context, digest));
    });
}

/** `release check FILE --release ID`: does the file hold what the release registered? */
export function addReleaseCheck(release: Command, context: Context): void {
  addFileOptions(release.command("check <file>"), context)
    .description(
      context.t({
        zh: "核对文件各字段与所登记批次是否一致",
        en: "check each field of a file against a registered release",
      }),
    )
    .requiredOption("--release <id>")
    .option("--fields <names>", context.t({ zh: "只核对这些字段", en: "only these, with commas" }))
    .option(
      "--key <path>",
      context.t({
        zh: "批次的密钥文件（由提供部门给审计人员）：一并核对行摘要树",
        en: "the release's key, given to an auditor: check its row tree too",
      }),
    )
    .action(async (file: string, options: FileOptions & { release: string; key?: string }) => {
      const client = await context.client();
      const [first] = await client.all(`/releases/${options.release}/acts`, {});
      const encoding = await encodingOf(context, file, options.encoding);
      const digest = await digestOf(context, file, { ...options, encoding });
      const { csvRowRoot } = await tables();
      const rowRoot =
        options.key === undefined
          ? undefined
          : await csvRowRoot(file, csvOptions({ ...options, encoding }), options.key);
      const outcome = compare(digest, rowRoot, first?.at("body"));
      context.showValue(outcome, () => showOutcome(context, outcome));
      if (!outcome.matches) {
        throw new CliError("NOT_THE_RELEASE", {
          zh: `文件与批次 ${options.release} 登记的内容不一致。`,
          en: `The file is not what release ${options.release} registered.`,
        });
      }
    });
}

interface Outcome {
  readonly matches: boolean;
  readonly rows: { readonly file: number; readonly release: number | null };
  readonly fields: readonly { readonly name: string; readonly result: "same" | "different" | "notInRelease" }[];
  /** Fields of the release that the file does not have: all well where only some were granted. */
  readonly absent: readonly string[];
  /** Where the release's key was given. */
  readonly rowTree?: "same" | "different";
}

function compare(digest: ReleaseDigest, rowRoot: string | undefined, registered: Json | undefined): Outcome {
  const known = new Map(
    registered?.at("fields").items.map((field) => [field.at("name").text, field.at("digest").text]),
  );
  const rows = registered?.at("rows").number ?? null;
  const fields = digest.fields.map(({ name, digest: own }) => {
    const theirs = known.get(name);
    return { name, result: theirs === undefined ? "notInRelease" : theirs === own ? "same" : "different" } as const;
  });
  const present = new Set(fields.map(({ name }) => name));
  const rowTree = rowRoot === registered?.at("rowRoot").text ? "same" : "different";
  const tree = rowRoot === undefined ? {} : ({ rowTree } as const);
  const matches =
    rows === digest.rows && fields.every(({ result }) => result === "same") && tree.rowTree !== "different";
  const absent = [...known.keys()].filter((name) => !present.has(name));
  return { matches, rows: { file: digest.rows, release: rows }, fields, absent, ...tree };
}

function showOutcome(context: Context, { rows, fields, absent, rowTree }: Outcome): string {
  const words = {
    same: { zh: "一致", en: "as registered" },
    different: { zh: "不一致", en: "DIFFERENT" },
    notInRelease: { zh: "批次中没有", en: "not in the release" },
  };
  const lines = fields.map(({ name, result }) => [name, context.t(words[result])]);
  const count = rows.file === rows.release ? String(rows.file) : `${rows.file} ≠ ${rows.release}`;
  const missing = absent.map((name) => [name, context.t({ zh: "文件中没有", en: "not in the file" })]);
  const heading = [context.t({ zh: "字段", en: "field" }), context.t({ zh: "结果", en: "result" })];
  const tree =
    rowTree === undefined ? [] : [[context.t({ zh: "（行摘要树）", en: "(row tree)" }), context.t(words[rowTree])]];
  return table(heading, [...lines, ...missing, ...tree, [context.t({ zh: "（行数）", en: "(rows)" }), count]]);
}

function showDigest(context: Context, { rows, fields, root }: ReleaseDigest): string {
  const lines = fields.map(({ name, digest }) => [name, digest]);
  const heading = [context.t({ zh: "字段", en: "field" }), "sha-256"];
  const more = [
    [context.t({ zh: "（总摘要）", en: "(root)" }), root],
    [context.t({ zh: "（行数）", en: "(rows)" }), String(rows)],
  ];
  return table(heading, [...lines, ...more]);
}

async function digestOf(
  context: Context,
  file: string,
  { encoding, delimiter, fields }: FileOptions,
): Promise<ReleaseDigest> {
  const { digestCsv } = await tables();
  return await digestCsv(file, {
    ...csvOptions({ encoding: await encodingOf(context, file, encoding), delimiter }),
    ...(fields === undefined ? {} : { fields: fields.split(",").map((name) => name.trim()) }),
  });
}

const csvOptions = ({
  encoding,
  delimiter,
}: {
  encoding: TextEncoding;
  delimiter?: string | undefined;
}): CsvOptions => ({
  encoding,
  ...(delimiter === undefined ? {} : { delimiter }),
});
