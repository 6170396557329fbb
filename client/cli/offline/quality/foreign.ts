import { readFile, writeFile } from "node:fs/promises";
import type { Command } from "commander";
import type { ForeignNote } from "../../../quality/index.js";
import type { Context } from "../../context.js";
import { table } from "../../table.js";

interface ImportOptions {
  readonly key?: string;
  readonly ofTable?: string;
  readonly out?: string;
}

/** `quality import`: rules that a department already has for another tool. */
export function addForeignRules(quality: Command, context: Context): void {
  const t = context.t.bind(context);
  quality
    .command("import <file>")
    .description(
      t({
        zh: "读入 Open Data Contract Standard 的质量部分或 Great Expectations 的规则集，并列出无法转换的",
        en: "take over the quality sections of an Open Data Contract, or a suite of Great Expectations, and list what does not map",
      }),
    )
    .option("--key <columns>", t({ zh: "标识一行的字段（逗号分隔）", en: "the columns that name a row" }))
    .option("--of-table <name>", t({ zh: "数据契约中的表", en: "the contract's table, where it has several" }))
    .option("--out <path>", t({ zh: "存为规则文件", en: "write them as a rule file" }))
    .action(async (path: string, { key, ofTable, out }: ImportOptions) => {
      const { readForeignRules } = await import("../../../quality/index.js");
      const found = readForeignRules(await readFile(path), { key: key?.split(","), table: ofTable });
      if (out !== undefined) await writeFile(out, found.yaml);
      context.showValue(found, () =>
        [
          out === undefined ? found.yaml : `${out}\n`,
          t({ zh: `${found.rules}条规则\n`, en: `${found.rules} rules\n` }),
          listed(context, t({ zh: "未能转换", en: "not taken over" }), found.unmapped),
          listed(context, t({ zh: "略有不同", en: "not quite the same" }), found.remarks),
        ].join(""),
      );
    });
}

function listed(context: Context, heading: string, notes: readonly ForeignNote[]): string {
  if (notes.length === 0) return "";
  const headings = [heading, context.t({ zh: "位置", en: "where" }), context.t({ zh: "说明", en: "why" })];
  return `\n${table(
    headings,
    notes.map(({ place, what, note }) => [what, place, context.t(note)]),
  )}`;
}
