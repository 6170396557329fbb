import { resolve } from "node:path";
import type { Command } from "commander";
import type { SourcePlace } from "../../exchange/sources/index.js";
import type { Context } from "../context.js";
import { CliError } from "../errors.js";

/** How a command line names a table of a database. */
export interface TableOptions {
  readonly urlFile?: string | undefined;
  readonly urlFrom?: string | undefined;
  readonly orderBy?: string | undefined;
  readonly tree?: string | undefined;
  readonly columns?: string | undefined;
}

/** Where to find a table, how its rows are ordered, and where the tree over its rows is kept. */
export function addTableOptions(command: Command, context: Context): Command {
  const t = context.t.bind(context);
  return command
    .option(
      "--url-file <path>",
      t({ zh: "存有数据库连接串的文件（权限600）", en: "a file (mode 600) with the database's connection string" }),
    )
    .option("--url-from <VARIABLE>", t({ zh: "存有连接串的节点环境变量", en: "the node's variable that holds it" }))
    .option(
      "--order-by <columns>",
      t({ zh: "确定行序的字段（逗号分隔），须能区分任意两行", en: "columns that tell every two rows apart" }),
    )
    .option(
      "--tree <path>",
      t({ zh: "行树文件夹的路径前缀", en: "what the folder of the tree over its rows begins with" }),
    );
}

/** @throws CliError USAGE */
export function tablePlace(
  name: string,
  options: TableOptions,
): { readonly place: SourcePlace; readonly base: string } {
  const { urlFile, urlFrom, orderBy, tree } = options;
  const [schema, table, ...more] = name.split(".");
  if (schema === undefined || table === undefined || more.length > 0) {
    throw new CliError("USAGE", { zh: `“${name}”不是 模式.表。`, en: `"${name}" is not schema.table.` });
  }
  if ((urlFile === undefined) === (urlFrom === undefined) || orderBy === undefined || tree === undefined) {
    throw new CliError("USAGE", {
      zh: "请给出 --url-file（或 --url-from）、--order-by 和 --tree。",
      en: "Give --url-file (or --url-from), --order-by and --tree.",
    });
  }
  const url = urlFile === undefined ? { urlFrom } : { urlFile: resolve(urlFile) };
  const columns = orderBy.split(",").map((column) => column.trim());
  return { place: { kind: "postgres", ...url, schema, table, orderBy: columns } as SourcePlace, base: resolve(tree) };
}
