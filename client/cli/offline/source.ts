import { resolve } from "node:path";
import type { DatasetId, Digest } from "@wanlian/model/identifiers.js";
import { type Command, Option } from "commander";
import type { SourcePlace } from "../../exchange/sources/index.js";
import { TEXT_ENCODINGS, type TextEncoding } from "../../sheets/index.js";
import type { Context } from "../context.js";
import { CliError } from "../errors.js";
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

interface CommonOptions {
  readonly release: string;
  readonly sources: string;
}

interface FileOptions extends CommonOptions {
  readonly encoding?: TextEncoding;
  readonly delimiter: string;
}

/**
 * Which file or table belongs to which release, in the node's own list: the only place from which the exchange learns it. Used
 * at the node's machine; a node that runs takes it up at the next access.
 */
export function sourceCommands(program: Command, context: Context): void {
  const t = context.t.bind(context);
  const source = program
    .command("source")
    .description(
      t({ zh: "批次的数据来源（在节点所在机器上使用）", en: "where releases' data lies, at the node's own machine" }),
    );
  const adding = (name: string, description: string) =>
    source
      .command(name)
      .description(description)
      .requiredOption("--release <id>")
      .requiredOption(
        "--sources <path>",
        t({ zh: "节点的来源清单 sources.json", en: "the node's list, sources.json" }),
      );

  adding(
    "add <file>",
    t({
      zh: "登记批次的文件（CSV、Excel 或 Parquet）",
      en: "put a release's file on the node's list: CSV, Excel or Parquet",
    }),
  )
    .addOption(new Option("--encoding <name>").choices(TEXT_ENCODINGS))
    .option("--delimiter <character>", t({ zh: "分隔符", en: "between values" }), ",")
    .action(async (file: string, { encoding, delimiter, ...common }: FileOptions) => {
      const place = await filePlace(context, file, { encoding, delimiter });
      await add(context, { name: file, place, base: resolve(file) }, common);
    });

  const addingLive = (name: string, description: string) => addTreeOption(adding(name, description), context);
  addTableOptions(
    addingLive(
      "add-table <schema.table>",
      t({ zh: "登记批次所在的数据库表或视图", en: "put a release's table or view of a database on the node's list" }),
    ),
    context,
  ).action(async (name: string, options: TableOptions & TreeOptions & CommonOptions) => {
    await add(context, { name, place: tablePlace(name, options), base: treeAt(options) }, options);
  });
  addServiceOptions(
    addingLive(
      "add-service <url>",
      t({
        zh: "登记以 JSON 应答批次数据的 HTTP 服务",
        en: "put an HTTP service on the node's list that answers with a release's data as JSON",
      }),
    ),
    context,
  ).action(async (url: string, options: ServiceOptions & TreeOptions & CommonOptions) => {
    await add(context, { name: url, place: servicePlace(url, options), base: treeAt(options) }, options);
  });
}

interface Data {
  /** As the person named it. */
  readonly name: string;
  readonly place: SourcePlace;
  /** What the folder of its tree begins with. */
  readonly base: string;
}

async function add(context: Context, { name, place, base }: Data, { release, sources }: CommonOptions): Promise<void> {
  const client = await context.client();
  const state = (await client.get(`/releases/${release}`)).at("case.state");
  const [registered] = await client.all(`/releases/${release}/acts`, {});
  const fields = registered?.at("body.fields").items.map((field) => field.at("name").text) ?? [];
  const [dataset, root] = [state.at("dataset").text as DatasetId, state.at("root").text as Digest];
  const rowRoot = state.at("rowRoot").text as Digest;
  await assertIsRelease(name, place, release, root, fields);
  const { readRelease, treeFolder } = await import("../../tables/index.js");
  const rows = treeFolder(base, rowRoot);
  // Without it no row can be proven, and none is given.
  if ((await readRelease(rows))?.rowRoot !== rowRoot) {
    throw new CliError("NO_ROW_TREE", {
      zh: `文件旁缺少批次登记时生成的 ${rows}；请连同文件一起拷贝。`,
      en: `${rows}, made when the release was registered, is missing beside the file: copy it together with the file.`,
    });
  }
  const { SourceList } = await import("../../exchange/sources/index.js");
  const list = await SourceList.open(sources);
  await list.add({ dataset, rowRoot, rows, place });
  await list.close();
  context.showValue({ dataset, release, place }, () => `${dataset} ${release} ${name}\n`);
}

/** What is not the release would only be found out at the first download. */
async function assertIsRelease(
  name: string,
  place: SourcePlace,
  release: string,
  root: Digest,
  fields: readonly string[],
): Promise<void> {
  const { digestSource, sourceAt } = await import("../../exchange/sources/index.js");
  const source = await sourceAt(place);
  try {
    if ((await digestSource(source, fields)).root === root) return;
  } finally {
    await source.close?.();
  }
  throw new CliError("NOT_THE_RELEASE", {
    zh: `${name} 不是批次 ${release}。`,
    en: `${name} is not release ${release}.`,
  });
}
