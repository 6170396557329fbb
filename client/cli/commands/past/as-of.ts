import type { Command } from "commander";
import { caseAtColumns, changeColumns, stateColumns } from "../../columns.js";
import type { Context } from "../../context.js";
import type { Json } from "../../json.js";
import { evidenceOption, takeHome } from "../evidence.js";

interface AsOfOptions {
  readonly limit: string;
  readonly evidence?: string;
}

/** What was known and in force at a time, and what changed between two. */
export function asOfCommands(program: Command, context: Context): void {
  const t = context.t.bind(context);
  program
    .command("as-of <when> [noun] [case]")
    .description(
      t({
        zh: "某一时刻（日期、UTC 时间或区块号）的政策与成员、某类事项、一个事项",
        en: "the policy and members, a noun's cases, or one case, as of a day, an instant (UTC) or a block",
      }),
    )
    .option("--limit <n>", t({ zh: "最多显示条数", en: "entries at most" }), "200")
    .addOption(evidenceOption(context))
    .action(async (at: string, noun: string | undefined, id: string | undefined, { limit, evidence }: AsOfOptions) => {
      if (evidence !== undefined) {
        // Without a case it is the channel's policy, with which its clock goes along.
        const of = { noun: noun ?? "policy", case: id ?? noun ?? "policy" };
        return await takeHome(context, evidence, { kind: "asOf", at, ...of });
      }
      const client = await context.client();
      if (noun === undefined) {
        const answer = await client.get("/as-of", { at });
        return context.show(answer, () => channelText(context, answer));
      }
      if (id === undefined) {
        return context.showList(await client.all("/as-of/cases", { at, noun }, Number(limit)), caseAtColumns);
      }
      const answer = await client.get("/as-of/case", { at, noun, case: id });
      context.show(answer, () => caseText(context, answer));
    });
  program
    .command("changes")
    .description(t({ zh: "两个时刻之间的变化，逐个事项列出", en: "what changed between two times, case by case" }))
    .option("--from <when>", t({ zh: "起于；缺省为开头", en: "from; default: the beginning" }))
    .option("--to <when>", t({ zh: "止于；缺省为现在", en: "to; default: now" }))
    .option("--noun <noun>")
    .option("--case <case>")
    .option("--limit <n>", t({ zh: "最多显示条数", en: "entries at most" }), "200")
    .addOption(evidenceOption(context))
    .action(async ({ limit, evidence, ...query }: Record<string, string | undefined>) => {
      if (evidence !== undefined) return await takeHome(context, evidence, { kind: "changes", ...query });
      context.showList(await (await context.client()).all("/changes", query, Number(limit)), changeColumns);
    });
}

const reached = (answer: Json) =>
  [
    [{ zh: "区块", en: "block" }, answer.at("at.block").text],
    [{ zh: "账本时间", en: "ledger time" }, answer.at("at.time").text],
  ] as const;

function channelText(context: Context, answer: Json): string {
  return context.listing([
    ...reached(answer),
    [{ zh: "政策（第几项行为）", en: "policy (act)" }, answer.at("policy.act").text],
    [{ zh: "施行时间", en: "in force since" }, answer.at("policy.from").text],
    [{ zh: "规则版本", en: "version of the rules" }, answer.at("policy.model").text],
    [{ zh: "数据局", en: "bureau" }, answer.at("policy.bureau").text],
    [{ zh: "成员", en: "members" }, answer.at("members").text],
  ]);
}

function caseText(context: Context, answer: Json): string {
  const yes = { zh: "是", en: "yes" };
  const no = { zh: "否", en: "no" };
  const { value: inForce } = answer.at("inForce");
  const { value: open } = answer.at("openObjections");
  const head = context.listing([
    ...reached(answer),
    ...stateColumns.map(([name, cell]) => {
      const shown = cell(answer.at("case"));
      return [name, typeof shown === "string" ? shown : context.t(shown)] as const;
    }),
    ...(inForce === undefined
      ? []
      : [[{ zh: "授权有效", en: "grant in force" }, context.t(inForce === true ? yes : no)] as const]),
    ...(open === undefined
      ? []
      : [[{ zh: "未结异议", en: "open objections" }, answer.at("openObjections").text] as const]),
  ]);
  return `${head}${JSON.stringify(answer.at("case.state").value, null, 2)}\n`;
}
