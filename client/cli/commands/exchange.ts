import { createWriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { type Command, Option } from "commander";
import { ACCESSES_COUNTED_BY, accessColumns, countColumns } from "../columns.js";
import type { Context } from "../context.js";
import { CliError } from "../errors.js";
import type { Json } from "../json.js";
import type { NodeClient } from "../node-client.js";
import { DOWNLOAD_FORMS, type DownloadForm, keepDownload } from "../offline/download-form.js";
import { rulesOf } from "../rules.js";
import { table } from "../table.js";
import { evidenceOption, takeHome } from "./evidence.js";
import { withWholeIds } from "./short-id.js";

type Given = Readonly<Record<string, string | undefined>>;

interface CountOptions {
  readonly csv?: true;
  readonly by?: string;
  readonly per?: string;
}

/** Getting data from other departments, and the account of it. */
export function exchangeCommands(program: Command, context: Context): void {
  const t = context.t.bind(context);
  const access = program
    .command("access")
    .description(t({ zh: "调用数据及其记录", en: "get data, and the records of it" }));
  const ask = (name: string, description: string) =>
    access
      .command(name)
      .description(description)
      .requiredOption(
        "--grant <application>",
        t({
          zh: "必填；所依据的授权，可只写编号开头6位以上",
          en: "required; the grant, its id or six digits of it and more",
        }),
      )
      .option(
        "--dataset <id>",
        t({ zh: "可选；整类授权所涵盖的另一数据资源", en: "optional; another of the class that the grant covers" }),
      )
      .option("--release <id>", t({ zh: "可选；批次，缺省为最新", en: "optional; default: the dataset's newest" }))
      .option("--fields <a,b…>", t({ zh: "缺省为授权的全部字段", en: "default: all that were granted" }))
      .option("--purpose <purpose>", t({ zh: "缺省为授权的用途", en: "default: the grant's" }))
      .option("--scenario <scenario>", t({ zh: "缺省为授权的应用场景", en: "default: the grant's" }))
      .option("--operator <name>", t({ zh: "由运营企业调用时写其名称", en: "where an operator company asks" }))
      .addHelpText("after", () =>
        t({
          zh: `\n谁可以办理：获授权部门的使用人员\n示例：wanlian access ${name} ${name === "download" ? "--out divisions.csv" : "code=0372"} --grant 3f9c12ab`,
          en: `\nWho: users of the department that has the grant\nExample: wanlian access ${name} ${name === "download" ? "--out divisions.csv" : "code=0372"} --grant 3f9c12ab`,
        }),
      );

  for (const [name, way] of [
    ["lookup", "lookup"],
    ["verify", "verification"],
  ] as const) {
    const description =
      way === "lookup" ? { zh: "按键值查询", en: "rows by key" } : { zh: "核验：只答是或否", en: "yes or no, no data" };
    ask(`${name} <field=value...>`, t(description))
      .addOption(new Option("--road <road>").choices(["gateway", "file", "platform"]))
      .option(
        "--keep <path>",
        t({
          zh: "另存所查内容、答复及其证明，供 wanlian verify --answer 使用",
          en: "keep what was looked up and what came, with its proofs, for wanlian verify --answer",
        }),
      )
      .action(async (pairs: string[], options: Given) => {
        const subject = Object.fromEntries(pairs.map(pairOf));
        const { road, keep } = options;
        const client = await context.client();
        const body = {
          ...(await wanted(context, client, options)),
          way,
          subject,
          ...(road === undefined ? {} : { road }),
        };
        const answer = await client.post("/accesses", body);
        if (keep !== undefined) await keepAnswer(keep, subject, answer);
        context.show(answer, () => showPayload(context, answer));
      });
  }
  ask("download", t({ zh: "下载批次中获授权的字段", en: "a release's granted fields, as CSV" }))
    .requiredOption("--out <path>", t({ zh: "必填；存到哪个文件", en: "required; the file to write" }))
    .addOption(
      new Option(
        "--as <form>",
        t({
          zh: "存为 CSV（缺省）、供 Excel 打开的 CSV（公式符号前加单引号）或 Parquet",
          en: "keep it as CSV (default), as CSV that Excel opens (formulas get an apostrophe), or as Parquet",
        }),
      )
        .choices(DOWNLOAD_FORMS)
        .default("csv"),
    )
    .action(async ({ out = "", as: form, ...options }: Given & { readonly as: DownloadForm }) => {
      const aside = `${out}.part`;
      const client = await context.client();
      const stream = await client.stream("/downloads", await wanted(context, client, options));
      try {
        await pipeline(stream, createWriteStream(aside));
      } catch (cause) {
        throw new CliError(
          "UNREACHABLE",
          {
            zh: `下载中断；已收到的部分在 ${aside}，不能证明任何事。`,
            en: `The download broke off; what came is in ${aside} and proves nothing.`,
          },
          { cause },
        );
      }
      await keepDownload(context, aside, out, form);
      context.showValue({ out }, () => `${out}\n`);
    });
  filtered(access.command("list").description(t({ zh: "本节点日志中的调用记录", en: "records in this node's log" })))
    .option("--limit <n>", t({ zh: "最多显示条数", en: "entries at most" }), "200")
    .addOption(evidenceOption(context))
    .action(async ({ limit, evidence, ...filter }: Given) => {
      if (evidence !== undefined) return await takeHome(context, evidence, { kind: "accesses", filter });
      context.showList(await (await context.client()).all("/accesses", filter, Number(limit)), accessColumns);
    });
  filtered(
    access
      .command("count")
      .description(
        t({ zh: "按日期（或小时）、结果和用途等统计", en: "by day or hour, outcome, and purpose or what else" }),
      ),
  )
    .addOption(new Option("--by <what>").choices(ACCESSES_COUNTED_BY))
    .addOption(new Option("--per <time>").choices(["day", "hour", "hourOfDay"]))
    .option(
      "--csv",
      t({ zh: "输出按小时及全部口径的统计表", en: "a sheet of everything that is counted, by the hour" }),
    )
    .action(async ({ csv, by = "purpose", per = "day", ...filter }: CountOptions) => {
      const client = await context.client();
      if (csv === true) {
        context.surroundings.out.write(await client.file("/accesses/counts/csv", { ...filter }));
        return;
      }
      context.showList(
        (await client.get("/accesses/counts", { ...filter, by, per })).at("items").items,
        countColumns(by, per),
      );
    });
}

/** What narrows a question about accesses down. */
export function filtered(command: Command): Command {
  return ["dataset", "provider", "consumer", "officer", "grant", "since", "until"].reduce(
    (made, name) => made.option(`--${name} <${name}>`),
    command,
  );
}

async function wanted(context: Context, client: NodeClient, given: Given): Promise<Record<string, unknown>> {
  const { grant, dataset, release, fields, purpose, scenario, operator } = given;
  const members = { grant, dataset, release, purpose, scenario, operator, fields: fields?.split(",") };
  const { model } = await rulesOf(context);
  return withWholeIds(
    client,
    model,
    Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)),
  );
}

/** For one's own eyes: the cells, and the salts that open them. */
async function keepAnswer(path: string, subject: Readonly<Record<string, string>>, answer: Json): Promise<void> {
  const shown = { subject, payload: answer.at("payload").value, proofs: answer.at("proofs").value };
  await writeFile(path, `${JSON.stringify(shown)}\n`, { mode: 0o600 });
}

function pairOf(pair: string): [string, string] {
  const at = pair.indexOf("=");
  if (at < 1) throw new CliError("USAGE", { zh: `“${pair}”不是 字段=值。`, en: `"${pair}" is not field=value.` });
  return [pair.slice(0, at), pair.slice(at + 1)];
}

function showPayload(context: Context, answer: Json): string {
  const payload = answer.at("payload");
  const names = payload.at("fields").items.map(({ text }) => text);
  const rows = payload.at("rows").items.map((row) => row.items.map(({ text }) => text));
  const match = payload.at("match").value;
  const label = answer.at("objections").items.length;
  return [
    ...(label > 0
      ? [context.listing([[{ zh: "标注：未结异议", en: "label: open objections" }, answer.at("objections").text]])]
      : []),
    match === undefined
      ? table(names, rows)
      : `${context.t(match === true ? { zh: "相符", en: "yes" } : { zh: "不符", en: "no" })}\n`,
    context.listing([[{ zh: "记录", en: "record" }, `${answer.at("record").text} (${answer.at("position").text})`]]),
  ].join("");
}
