import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { type Command, Option } from "commander";
import { callColumns, callNoteColumns, lackingColumns } from "../../columns.js";
import type { Context } from "../../context.js";
import { CliError } from "../../errors.js";
import { rulesOf } from "../../rules.js";
import { withWholeIds } from "../short-id.js";

type Given = Readonly<Record<string, string | undefined>>;

const PICKS = ["all", "withoutGrant", "open", "agrees", "differs", "lacks"];
const DEFAULT_LIMIT = "200";

/** Calls that went over the exchange platform, or by files handed over. */
export function callCommands(program: Command, context: Context): void {
  const t = context.t.bind(context);
  const call = program
    .command("call")
    .description(t({ zh: "经共享平台或文件的调用", en: "calls over the exchange platform, or by files handed over" }));
  const limited = (name: string, description: string) =>
    call
      .command(name)
      .description(description)
      .option("--limit <n>", t({ zh: "最多显示条数", en: "entries at most" }), DEFAULT_LIMIT);
  const list = limited("list", t({ zh: "本节点日志中的这类调用", en: "those in this node's log" })).addOption(
    new Option(
      "--pick <which>",
      t({
        zh: "withoutGrant 无授权，open 待对方核对，agrees 双方一致，differs 不一致，lacks 对方没有",
        en: "by what the ledger or the other side says",
      }),
    ).choices(PICKS),
  );
  for (const name of ["dataset", "provider", "consumer", "since", "until"]) list.option(`--${name} <${name}>`);
  list.action(async ({ limit, ...filter }: Given) =>
    context.showList(await (await context.client()).all("/platform-calls", filter, Number(limit)), callColumns),
  );
  limited(
    "lacking",
    t({ zh: "对方有而本节点没有的调用", en: "those that the other side has and this log lacks" }),
  ).action(async ({ limit }: Given) =>
    context.showList(await (await context.client()).all("/platform-calls/lacking", {}, Number(limit)), lackingColumns),
  );
  limited(
    "notes",
    t({
      zh: "漏报、重复、迟报、改动和未收的记录",
      en: "what was missing, came twice, late or altered, or was not taken",
    }),
  )
    .option("--code <code>")
    .action(async ({ limit, ...filter }: Given) =>
      context.showList(
        await (await context.client()).all("/platform-calls/notes", filter, Number(limit)),
        callNoteColumns,
      ),
    );
  addHandOver(call, context);
}

function addHandOver(call: Command, context: Context): void {
  const t = context.t.bind(context);
  call
    .command("hand-over <file>")
    .description(
      t({
        zh: "登记一份线下交付或收到的文件；只提交其摘要，文件不离开本机",
        en: "state a file that was handed over or received; its digest alone is sent",
      }),
    )
    .requiredOption("--dataset <dataset>")
    .requiredOption("--provider <msp>")
    .requiredOption("--consumer <msp>")
    .requiredOption("--rows <n>")
    .option("--grant <application>")
    .option("--time <instant>")
    .action(async (file: string, { rows, ...given }: Given) => {
      const hash = createHash("sha256");
      await pipeline(createReadStream(file), hash);
      const client = await context.client();
      const { model } = await rulesOf(context);
      const named = await withWholeIds(client, model, given);
      const answer = await client.post("/handovers", { ...named, rows: Number(rows), digest: hash.digest("hex") });
      const [refused] = answer.at("refused").items;
      if (refused !== undefined) {
        throw new CliError("USAGE", {
          zh: `未登记：${refused.at("code").text}。`,
          en: `Not taken: ${refused.at("message").text}.`,
        });
      }
      context.show(answer, () => `${t(outcomeOf(answer.at("doubled").number, answer.at("withoutGrant").number))}\n`);
    });
}

function outcomeOf(doubled: number | undefined, withoutGrant: number | undefined) {
  if (doubled === 1) return { zh: "已登记过，不再重复", en: "It was stated before." };
  return withoutGrant === 1
    ? { zh: "已登记；账本没有相应授权", en: "Taken; the ledger does not grant it." }
    : { zh: "已登记", en: "Taken." };
}
