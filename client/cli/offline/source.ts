import { resolve } from "node:path";
import type { DatasetId, Digest } from "@wanlian/model/identifiers.js";
import { type Command, Option } from "commander";
import { SourceList, type SourcePlace } from "../../exchange/sources/index.js";
import { digestCsv, readRelease, treeFolder } from "../../tables/index.js";
import type { Context } from "../context.js";
import { CliError } from "../errors.js";

interface SourceOptions {
  readonly release: string;
  readonly sources: string;
  readonly encoding: "utf-8" | "gb18030";
  readonly delimiter: string;
}

/**
 * Which file belongs to which release, in the node's own list: the only place from which the exchange learns it. Used
 * at the node's machine; a node that runs takes it up at the next access.
 */
export function sourceCommands(program: Command, context: Context): void {
  const t = context.t.bind(context);
  program
    .command("source")
    .description(
      t({ zh: "批次的数据来源（在节点所在机器上使用）", en: "where releases' data lies, at the node's own machine" }),
    )
    .command("add <file>")
    .description(
      t({ zh: "登记批次的文件（CSV 或 Parquet）", en: "put a release's file on the node's list: CSV or Parquet" }),
    )
    .requiredOption("--release <id>")
    .requiredOption("--sources <path>", t({ zh: "节点的来源清单 sources.json", en: "the node's list, sources.json" }))
    .addOption(new Option("--encoding <name>").choices(["utf-8", "gb18030"]).default("utf-8"))
    .option("--delimiter <character>", t({ zh: "分隔符", en: "between values" }), ",")
    .action(async (file: string, { release, sources, encoding, delimiter }: SourceOptions) => {
      const state = (await (await context.client()).get(`/releases/${release}`)).at("case.state");
      const [dataset, root] = [state.at("dataset").text as DatasetId, state.at("root").text as Digest];
      const rowRoot = state.at("rowRoot").text as Digest;
      const path = resolve(file);
      const rows = treeFolder(path, rowRoot);
      const isParquet = file.endsWith(".parquet");
      // A file that is not the release would only be found out at the first download.
      if (!isParquet && (await digestCsv(path, { encoding, delimiter })).root !== root) {
        throw new CliError("NOT_THE_RELEASE", {
          zh: `${file} 不是批次 ${release}。`,
          en: `${file} is not release ${release}.`,
        });
      }
      // Without it no row can be proven, and none is given.
      if ((await readRelease(rows))?.rowRoot !== rowRoot) {
        throw new CliError("NO_ROW_TREE", {
          zh: `文件旁缺少批次登记时生成的 ${rows}；请连同文件一起拷贝。`,
          en: `${rows}, made when the release was registered, is missing beside the file: copy it together with the file.`,
        });
      }
      const place: SourcePlace = isParquet ? { kind: "parquet", path } : { kind: "csv", path, encoding, delimiter };
      const list = await SourceList.open(sources);
      await list.add({ dataset, rowRoot, rows, place });
      await list.close();
      context.showValue({ dataset, release, path }, () => `${dataset} ${release} ${path}\n`);
    });
}
