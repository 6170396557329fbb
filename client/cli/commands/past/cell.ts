import { readFile } from "node:fs/promises";
import { messageOf } from "@wanlian/protocol/errors.js";
import type { Command } from "commander";
import type { Column } from "../../columns.js";
import type { Context } from "../../context.js";
import { CliError } from "../../errors.js";
import type { Json } from "../../json.js";
import { evidenceOption, takeHome } from "../evidence.js";

/** Digits by which a release is known in a line. */
const SHORT = 12;

const cellColumns: readonly Column[] = [
  [{ zh: "行", en: "row" }, (cell) => cell.at("row").text],
  [{ zh: "字段", en: "field" }, (cell) => cell.at("field").text],
  [
    { zh: "内容", en: "value" },
    (cell) => {
      const { value } = cell.at("value");
      if (value === undefined) return { zh: "未授权", en: "not granted" };
      return value === null ? { zh: "缺失", en: "missing" } : cell.at("value").text;
    },
  ],
  [{ zh: "摘要", en: "digest" }, (cell) => cell.at("digest").text],
];

interface FindOptions {
  readonly release?: string;
  readonly evidence?: string;
}
interface ListOptions {
  readonly record: string;
  readonly digest?: string;
}

/** A single cell of a release, found by its digest: what can be found is decided by who asks. */
export function cellCommands(program: Command, context: Context): void {
  const t = context.t.bind(context);
  const cell = program
    .command("cell")
    .description(t({ zh: "按摘要查找单元格", en: "single cells of releases, by their digests" }));
  cell
    .command("find <digest>")
    .description(
      t({
        zh: "在本部门登记的批次中查找；只有提供部门能找，证明其属于批次而不出示内容",
        en: "among this department's own releases: only a provider can look; proven to be the release's, its value not shown",
      }),
    )
    .option("--release <id>", t({ zh: "只在此批次中查找，不限行数", en: "in this one alone, however large" }))
    .addOption(evidenceOption(context))
    .action(async (digest: string, { release, evidence }: FindOptions) => {
      const sought = digest.toLowerCase();
      const answer = await (await context.client()).get(`/cells/${sought}`, { release });
      const found = answer.at("found.release").string;
      if (evidence !== undefined && found !== undefined) {
        return await takeHome(context, evidence, { kind: "cell", release: found, digest: sought });
      }
      context.show(answer, () => foundText(context, answer));
    });
  cell
    .command("list <kept>")
    .description(
      t({
        zh: "列出查询时用 --keep 另存的答复中各单元格的摘要；先与调用记录和账本核对",
        en: "the cells of what a look-up kept by --keep, each with its digest; held against record and ledger first",
      }),
    )
    .requiredOption("--record <id>", t({ zh: "该次调用的记录编号", en: "the access's record" }))
    .option("--digest <digest>", t({ zh: "只列此摘要的单元格", en: "the cell of this digest alone" }))
    .action(async (kept: string, { record, digest }: ListOptions) => {
      const body = { record, answer: await readKept(kept), ...(digest === undefined ? {} : { digest }) };
      const answer = await (await context.client()).post("/cells", body);
      if (context.wantsJson) return context.show(answer, () => "");
      context.showList(answer.at("items").items, cellColumns);
    });
}

function foundText(context: Context, answer: Json): string {
  const found = answer.at("found");
  const left = answer.at("notSearched").items;
  const notes = left.map((one) => `${one.at("release").text.slice(0, SHORT)} ${one.at("reason").text}`);
  const searched = `${answer.at("searched").items.length}`;
  const looked = [
    [{ zh: "已查批次", en: "releases looked through" }, searched],
    ...(notes.length === 0 ? [] : [[{ zh: "未查批次", en: "not looked through" }, notes.join(" ")] as const]),
  ] as const;
  if (found.value === undefined) {
    return `${context.t({ zh: "没有找到", en: "not found" })}\n${context.listing([...looked])}`;
  }
  return context.listing([
    [{ zh: "批次", en: "release" }, found.at("release").text],
    [{ zh: "数据资源", en: "dataset" }, found.at("dataset").text],
    [{ zh: "字段", en: "field" }, found.at("field").text],
    [
      { zh: "已证明", en: "proven" },
      context.t({
        zh: "此摘要是该批次登记的某一行中该字段的单元格；内容未出示，未证明",
        en: "the digest is that of a cell of this field, in a row that the release registered; not what it holds",
      }),
    ],
    ...looked,
  ]);
}

async function readKept(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    const reason = messageOf(cause);
    throw new CliError(
      "USAGE",
      { zh: `${path} 读不出：${reason}`, en: `${path} cannot be read: ${reason}` },
      { cause },
    );
  }
}
