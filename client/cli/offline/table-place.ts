import { resolve } from "node:path";
import { type Command, Option } from "commander";
import type { LivePlace, SourcePlace } from "../../exchange/sources/index.js";
import type { Context } from "../context.js";
import { CliError } from "../errors.js";
import { encodingOf } from "./encoding.js";

const SERVERS = ["postgres", "mariadb"] as const;

/** How a command line names a table of a database. */
export interface TableOptions {
  readonly server?: (typeof SERVERS)[number] | undefined;
  readonly urlFile?: string | undefined;
  readonly urlFrom?: string | undefined;
  readonly orderBy?: string | undefined;
}

/** How a command line reads a file. */
export interface FileFormat {
  readonly encoding?: string | undefined;
  readonly delimiter?: string | undefined;
}

/** A file by its name: Parquet, Excel, or else CSV. */
export async function filePlace(context: Context, file: string, format: FileFormat): Promise<SourcePlace> {
  const path = resolve(file);
  if (isNamed(file, ".parquet")) return { kind: "parquet", path };
  if (isNamed(file, ".xlsx")) return { kind: "excel", path };
  const { delimiter } = format;
  const encoding = await encodingOf(context, path, format.encoding);
  return { kind: "csv", path, encoding, ...(delimiter === undefined ? {} : { delimiter }) };
}

/** Whether a file's name has that ending, in capitals or not. */
const isNamed = (file: string, ending: string) => file.toLowerCase().endsWith(ending);

/** How a command line names a service. */
export interface ServiceOptions {
  readonly list?: string | undefined;
  readonly tokenFile?: string | undefined;
}

/** Where the rows are in a service's answer, and what it knows us by. */
export function addServiceOptions(command: Command, context: Context): Command {
  const t = context.t.bind(context);
  return command
    .option(
      "--list <members>",
      t({ zh: "应答中行列表所在的成员，如 data.items", en: "where its answer has the list of rows, data.items say" }),
    )
    .option(
      "--token-file <path>",
      t({ zh: "存有服务令牌的文件（权限600）", en: "a file (mode 600) with the token that the service wants" }),
    );
}

/** @throws CliError USAGE */
export function servicePlace(url: string, { list, tokenFile }: ServiceOptions): LivePlace {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new CliError("USAGE", { zh: `“${url}”不是 http 地址。`, en: `"${url}" is no http address.` });
  }
  const token = tokenFile === undefined ? {} : { tokenFile: resolve(tokenFile) };
  return { kind: "http", url, ...(list === undefined ? {} : { rows: list }), ...token };
}

/** Where to find a table, and how its rows are ordered. */
export function addTableOptions(command: Command, context: Context): Command {
  const t = context.t.bind(context);
  return command
    .option(
      "--url-file <path>",
      t({ zh: "存有数据库连接串的文件（权限600）", en: "a file (mode 600) with the database's connection string" }),
    )
    .addOption(
      new Option("--server <kind>", t({ zh: "数据库的种类", en: "what kind of database it is" }))
        .choices(SERVERS)
        .default("postgres"),
    )
    .option("--url-from <VARIABLE>", t({ zh: "存有连接串的节点环境变量", en: "the node's variable that holds it" }))
    .option(
      "--order-by <columns>",
      t({ zh: "确定行序的字段（逗号分隔），须能区分任意两行", en: "columns that tell every two rows apart" }),
    );
}

/** @throws CliError USAGE */
export function tablePlace(name: string, { server = "postgres", urlFile, urlFrom, orderBy }: TableOptions): LivePlace {
  const [schema, table, ...more] = name.split(".");
  if (schema === undefined || table === undefined || more.length > 0) {
    throw new CliError("USAGE", { zh: `“${name}”不是 模式.表。`, en: `"${name}" is not schema.table.` });
  }
  if ((urlFile === undefined) === (urlFrom === undefined) || orderBy === undefined) {
    throw new CliError("USAGE", {
      zh: "请给出 --url-file（或 --url-from）和 --order-by。",
      en: "Give --url-file (or --url-from) and --order-by.",
    });
  }
  const url = urlFile === undefined ? { urlFrom } : { urlFile: resolve(urlFile) };
  const columns = orderBy.split(",").map((column) => column.trim());
  return { kind: server, ...url, schema, table, orderBy: columns } as LivePlace;
}

/** Other tables by the names that rules have for them: `reference`, `drift`. */
export function addNamedTables(command: Command, context: Context): Command {
  return command.option(
    "--table <name=path>",
    context.t({ zh: "规则引用的其他表，可多次给出", en: "another table that rules speak of; may be repeated" }),
    (pair: string, before: readonly string[]) => [...before, pair],
    [] as readonly string[],
  );
}

/** @throws CliError USAGE */
export function namedTables(pairs: readonly string[]): Readonly<Record<string, { readonly path: string }>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      if (at < 1) throw new CliError("USAGE", { zh: `“${pair}”不是 表名=路径。`, en: `"${pair}" is not name=path.` });
      return [pair.slice(0, at), { path: pair.slice(at + 1) }];
    }),
  );
}

/** Where the tree over the rows of a release is kept that is in no file. */
export interface TreeOptions {
  readonly tree?: string | undefined;
}

export function addTreeOption(command: Command, context: Context): Command {
  return command.option(
    "--tree <path>",
    context.t({ zh: "行树文件夹的路径前缀", en: "what the folder of the tree over its rows begins with" }),
  );
}

/** @throws CliError USAGE */
export function treeAt({ tree }: TreeOptions): string {
  if (tree === undefined) throw new CliError("USAGE", { zh: "请给出 --tree。", en: "Give --tree." });
  return resolve(tree);
}
