import { hash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import type { Words } from "@wanlian/protocol/language.js";
import { type Command, Option } from "commander";
import { fieldLinkColumns, lineageColumns } from "../../columns.js";
import type { Context } from "../../context.js";
import type { Json } from "../../json.js";
import { evidenceOption, takeHome } from "../evidence.js";

interface LineageOptions {
  readonly up?: true;
  readonly down?: true;
  readonly depth?: string;
  readonly limit?: string;
  readonly as?: string;
  readonly field?: string;
  readonly evidence?: string;
  readonly report?: string;
}

const sha256 = (bytes: Uint8Array): string => hash("sha256", bytes, "hex");

/** Forms that other systems read; each is the last part of an address. */
const FORMS = ["prov-json", "prov-n", "openlineage"];

export function lineageCommand(program: Command, context: Context): void {
  const t = context.t.bind(context);
  program
    .command("lineage <release>")
    .description(
      t({
        zh: "一个批次或数据产品的来源与去向，标明依据有误数据的批次和产品",
        en: "where a release or product came from and went to; what rests on one that was found wrong is marked",
      }),
    )
    .addOption(new Option("--up", t({ zh: "只列来源", en: "sources only" })).conflicts("down"))
    .addOption(new Option("--down", t({ zh: "只列去向", en: "what was made of it only" })).conflicts("up"))
    .option("--depth <n>", t({ zh: "最多追溯几步", en: "steps at most" }))
    .option("--limit <n>", t({ zh: "最多列出批次数", en: "releases at most" }))
    .option("--field <name>", t({ zh: "只追溯这一字段", en: "follow this field by itself" }))
    .addOption(
      new Option("--as <form>", t({ zh: "输出为其他系统所读的格式", en: "in a form that other systems read" })).choices(
        FORMS,
      ),
    )
    .addOption(evidenceOption(context))
    .option(
      "--report <file.pdf>",
      t({
        zh: "写成溯源审计报告（PDF）；与 --evidence 合用时注明证据文件的摘要",
        en: "writes the audit report as PDF; with --evidence it names the digest of that file",
      }),
    )
    .action(async (release: string, { up, down, depth, limit, as, field, evidence, report }: LineageOptions) => {
      const direction = up === true ? "up" : down === true ? "down" : undefined;
      if (evidence !== undefined) {
        const steps = depth === undefined ? undefined : Number(depth);
        await takeHome(context, evidence, { kind: "lineage", release, direction, depth: steps });
        if (report === undefined) return;
      }
      const client = await context.client();
      const address = `/releases/${encodeURIComponent(release)}/lineage`;
      const query = { direction, depth, limit };
      if (report !== undefined) {
        const digest = evidence === undefined ? undefined : sha256(await readFile(evidence));
        await writeFile(report, await client.bytes(`${address}/pdf`, { ...query, evidence: digest }));
        return context.showValue({ report, evidence: digest }, () => `${report}\n`);
      }
      if (as !== undefined) {
        context.surroundings.out.write(await client.file(`${address}/${as}`, query));
        return;
      }
      const answer = await client.get(address, { ...query, field });
      if (context.wantsJson) return context.show(answer, () => "");
      if (field === undefined) context.showList(answer.at("releases").items, lineageColumns);
      else context.showList(answer.at("fieldLinks").items, fieldLinkColumns);
      for (const line of linesBelow(answer)) context.surroundings.out.write(`${t(line)}\n`);
    });
}

/** What a reader of the table must not miss: what is not in it. */
export function linesBelow(answer: Json): Words[] {
  const lines: Words[] = [];
  const further = (way: "up" | "down") => ({
    releases: answer.at(`further.${way}.releases`).number ?? 0,
    departments: answer.at(`further.${way}.departments`).number ?? 0,
  });
  const [up, down] = [further("up"), further("down")];
  if (up.releases > 0) {
    lines.push({
      zh: `另有来源${up.releases}个批次，涉及${up.departments}个部门`,
      en: `further sources: ${up.releases}, of ${up.departments} departments`,
    });
  }
  // So many derive from these that not all were counted.
  const least = answer.at("further.down.more").value === true ? { zh: "至少", en: "at least " } : { zh: "", en: "" };
  if (down.releases > 0) {
    lines.push({
      zh: `另有去向${least.zh}${down.releases}个批次，涉及${least.zh}${down.departments}个部门`,
      en: `further releases made from these: ${least.en}${down.releases}, of ${least.en}${down.departments} departments`,
    });
  }
  if (answer.at("complete").value === false) {
    lines.push({
      zh: "来源过多，未全部查看：未标明的批次也可能有误",
      en: "There are more sources than were looked at: a release without a mark may still rest on wrong data",
    });
  }
  return lines;
}
