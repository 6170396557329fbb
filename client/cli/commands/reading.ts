import type { Words } from "@wanlian/protocol/language.js";
import { wordsIn } from "@wanlian/words/index.js";
import { type Command, Option } from "commander";
import {
  actColumns,
  affectedColumns,
  agreementColumns,
  alarmColumns,
  type Column,
  catalogueColumns,
  dutyColumns,
  filingColumns,
  grantColumns,
  possibleColumns,
  warningColumns,
  whoOf,
} from "../columns.js";
import type { Context } from "../context.js";
import { CliError } from "../errors.js";
import type { Json } from "../json.js";
import type { NodeClient } from "../node-client.js";

interface ListOptions {
  readonly limit: string;
}

const limit = (context: Context) =>
  new Option("--limit <n>", context.t({ zh: "最多显示条数", en: "entries at most" })).default("200");

export function readingCommands(program: Command, context: Context): void {
  const t = context.t.bind(context);
  const list = async (
    path: string,
    query: Record<string, string | undefined>,
    columns: readonly Column[],
    count: string,
  ) => context.showList(await (await context.client()).all(path, query, Number(count)), columns);

  program
    .command("status")
    .description(t({ zh: "节点状态", en: "the node's condition" }))
    .action(async () => {
      const answer = await (await context.client()).get("/status");
      context.show(answer, () => showStatus(context, answer));
    });
  program
    .command("catalogue [words...]")
    .description(t({ zh: "检索数据资源目录", en: "search the catalogue" }))
    .option("--provider <department>")
    .addOption(new Option("--share <class>").choices(["unconditional", "conditional", "withheld"]))
    .addOption(limit(context))
    .addOption(
      new Option(
        "--as <form>",
        t({ zh: "输出为其他系统所读的格式", en: "all of it, in a form that other systems read" }),
      )
        .choices(["dcat"])
        .conflicts(["provider", "share"]),
    )
    .action(async (words: string[], options: ListOptions & { provider?: string; share?: string; as?: string }) => {
      const { provider, share, as } = options;
      if (as !== undefined) {
        context.surroundings.out.write(await (await context.client()).file(`/catalogue/${as}`));
        return;
      }
      const text = words.length === 0 ? undefined : words.join(" ");
      await list("/catalogue", { text, provider, share }, catalogueColumns, options.limit);
    });
  program
    .command("grants <dataset>")
    .description(t({ zh: "一项数据的授权", en: "who holds grants on a dataset" }))
    .addOption(limit(context))
    .action((dataset: string, options: ListOptions) =>
      list(`/datasets/${dataset}/grants`, {}, grantColumns, options.limit),
    );
  program
    .command("tasks")
    .description(t({ zh: "本部门待办及期限", en: "what the department has to do, and until when" }))
    .option("--possible", t({ zh: "改为列出现在可以进行的操作", en: "list what may be done now instead, due or not" }))
    .addOption(
      new Option(
        "--affected",
        t({
          zh: "改为列出据有误数据形成、须重做或说明的批次和产品",
          en: "list instead what rests on wrong data and is to be made anew or explained",
        }),
      ).conflicts("possible"),
    )
    .addOption(limit(context))
    .action(async (options: ListOptions & { possible?: true; affected?: true }) => {
      if (options.affected === true) {
        const answer = await (await context.client()).get("/tasks/affected", {});
        context.showList(answer.at("items").items, affectedColumns);
      } else if (options.possible === true) await list("/tasks/possible", {}, possibleColumns, options.limit);
      else await list("/tasks", {}, dutyColumns, options.limit);
    });
  program
    .command("overdue")
    .description(t({ zh: "逾期事项", en: "what is overdue, of all departments" }))
    .option("--owner <department>")
    .addOption(limit(context))
    .action(({ owner, limit }: ListOptions & { owner?: string }) => list("/overdue", { owner }, dutyColumns, limit));
  program
    .command("notices")
    .description(t({ zh: "未读通知", en: "unread notices" }))
    .option("--all", t({ zh: "含已读", en: "read ones too" }))
    .addOption(limit(context))
    .action(({ all, limit }: ListOptions & { all?: true }) =>
      list("/notices", { shown: all === true ? "all" : "unread" }, actColumns, limit),
    );
  program
    .command("read <noun> <case> [number]")
    .description(
      t({
        zh: "将通知标记为已读（至该行为为止，缺省为全部）",
        en: "mark a case's notices as read, up to an act; default: all so far",
      }),
    )
    .action(async (noun: string, id: string, number = String(Number.MAX_SAFE_INTEGER)) => {
      const answer = await (await context.client()).post("/notices/read", { noun, case: id, number: Number(number) });
      context.show(answer, () => `${t({ zh: "已标记", en: "marked" })}\n`);
    });
  program
    .command("filed")
    .description(t({ zh: "本人的提交及其结果", en: "one's own filings and what became of them" }))
    .addOption(limit(context))
    .action((options: ListOptions) => list("/submissions", {}, filingColumns, options.limit));
  program
    .command("alarms")
    .description(t({ zh: "告警", en: "alarms" }))
    .addOption(limit(context))
    .action((options: ListOptions) => list("/alarms", {}, alarmColumns, options.limit));
  program
    .command("warnings")
    .description(t({ zh: "预警：本节点日志中不同寻常的调用", en: "unusual use in this node's log" }))
    .option("--all", t({ zh: "含已核查", en: "those that were looked into, too" }))
    .addOption(limit(context))
    .action(({ all, limit }: ListOptions & { all?: true }) =>
      list("/warnings", { shown: all === true ? "all" : "open" }, warningColumns, limit),
    );
  program
    .command("look-into <warning>")
    .description(t({ zh: "记下预警已核查及结论", en: "note that a warning was looked into, and what came of it" }))
    .requiredOption("--note <text>")
    .action(async (warning: string, { note }: { note: string }) => {
      const client = await context.client();
      const id = await wholeWarning(client, warning);
      const answer = await client.post(`/warnings/${id}/marks`, { note });
      context.show(answer, () => `${t({ zh: "已记下", en: "noted" })}\n`);
    });
  program
    .command("agreement")
    .description(t({ zh: "各部门账本是否一致", en: "whether the departments' ledgers agree" }))
    .action(async () =>
      context.showList((await (await context.client()).get("/agreement")).at("items").items, agreementColumns),
    );
  program
    .command("transaction <id>")
    .description(t({ zh: "一笔交易", en: "a transaction" }))
    .action(async (id: string) => {
      const answer = await (await context.client()).get(`/transactions/${id}`);
      context.show(answer, () => showTransaction(context, answer));
    });
  program
    .command("events")
    .description(t({ zh: "实时事件（Ctrl-C 结束）", en: "what happens, as it happens (Ctrl-C ends it)" }))
    .option("--after <position>", t({ zh: "自此位置之后", en: "from after this position" }))
    .action(async ({ after }: { after?: string }) => {
      const stop = new AbortController();
      process.once("SIGINT", () => stop.abort());
      for await (const event of (await context.client()).events(after, stop.signal)) {
        const line = context.wantsJson ? JSON.stringify(event.value) : eventLine(context, event);
        if (line !== undefined) context.surroundings.out.write(`${line}\n`);
      }
    });
}

/** A warning is known by the beginning of its id, as the list shows it. */
async function wholeWarning(client: NodeClient, beginning: string): Promise<string> {
  const known = await client.all("/warnings", { shown: "all" }, Number.MAX_SAFE_INTEGER);
  const found = known.map((warning) => warning.at("id").text).filter((id) => id.startsWith(beginning));
  const [id] = found;
  if (id !== undefined && found.length === 1) return id;
  throw new CliError("USAGE", {
    zh: `以“${beginning}”开头的预警有 ${found.length} 项；请用 wanlian warnings --all 查看编号。`,
    en: `${found.length} warnings begin with "${beginning}"; wanlian warnings --all has their numbers.`,
  });
}

/** What happened, in a line; nothing of a block's end, which says no more than what came before it. */
function eventLine(context: Context, event: Json): string | undefined {
  const words = wordsIn(context.language);
  const block = (number: string) => context.t({ zh: `区块 ${number}`, en: `block ${number}` });
  switch (event.at("kind").text) {
    case "act": {
      const act = event.at("act");
      const [noun, type] = [act.at("noun").text, act.at("type").text];
      const who = context.t(whoOf(act, "department"));
      const what = `${words.noun(noun)} ${act.at("case").text}  ${words.done(noun, type)}`;
      return `${block(act.at("block").text)}  ${act.at("time").text}  ${who}  ${what}`;
    }
    case "alarm": {
      const alarm = event.at("alarm");
      const accused = alarm.at("departments").text;
      const where = alarm.at("block").number === undefined ? "" : `  ${block(alarm.at("block").text)}`;
      const whom = accused === "" ? "" : `  ${context.t({ zh: "责任部门", en: "accused" })} ${accused}`;
      const kind = words.alarm(alarm.at("kind").text);
      return `${context.t({ zh: "告警", en: "ALARM" })}${where}  ${kind}  ${alarm.at("message").text}${whom}`;
    }
    case "warning": {
      const warning = event.at("warning");
      const said = (member: string) => warning.at(`${member}.${context.language}`).text;
      const whom = `${warning.at("consumer").text} ${warning.at("officer").text}`.trim();
      const what = `${whom}  ${warning.at("dataset").text}`.trim();
      return `${context.t({ zh: "预警", en: "WARNING" })}  ${said("title")}  ${what}  ${said("message")}`;
    }
    default:
      return undefined;
  }
}

function showStatus(context: Context, answer: Json): string {
  const yes = { zh: "是", en: "yes" };
  const no = { zh: "否", en: "no" };
  return context.listing([
    [{ zh: "部门", en: "department" }, answer.at("department").text],
    [{ zh: "通道", en: "channel" }, answer.at("channel").text],
    [{ zh: "就绪", en: "ready" }, context.t(answer.at("ready").value === true ? yes : no)],
    [{ zh: "规则版本", en: "rules" }, rulesText(context, answer.at("rules"))],
    [{ zh: "高度", en: "height" }, answer.at("height").text],
    ...catchUpOf(context, answer.at("catchUp")),
    [{ zh: "末块摘要", en: "block hash" }, answer.at("blockHash").text],
    [{ zh: "提交摘要", en: "commit hash" }, answer.at("commitHash").text],
    [{ zh: "账本时间", en: "ledger time" }, answer.at("ledgerTime").text],
    [{ zh: "告警", en: "alarms" }, answer.at("alarms").text],
    ...answer.at("standing").items.map((item) => [{ zh: "告警", en: "alarm" }, item.at("message").text] as const),
    ...answer
      .at("conditions")
      .items.map((item) => [{ zh: "异常", en: "wrong" }, conditionText(context, item)] as const),
    ...answer.at("pending").items.map((item) => [{ zh: "待完成", en: "pending" }, item.text] as const),
  ]);
}

/** What is wrong, in the reader's language, with the particulars. */
function conditionText(context: Context, condition: Json): string {
  const [title, message] = [condition.at("title").text, condition.at("message").text];
  return context.t({ zh: `${title}（${message}）`, en: `${title} (${message})` });
}

/** Which version of the rules the node goes by. */
function rulesText(context: Context, rules: Json): string {
  const { text: version } = rules.at("version");
  return rules.at("inForce").value === true
    ? version
    : context.t({
        zh: `${version}（通道尚无现行版本，或本软件没有）`,
        en: `${version} (none in force, or one that this software lacks)`,
      });
}

/** How far a node is that takes in the ledger. */
function catchUpOf(context: Context, progress: Json): (readonly [Words, string])[] {
  const { number: blocks } = progress.at("blocks");
  if (blocks === undefined) return [];
  const { number: pace } = progress.at("blocksPerSecond");
  const { number: left } = progress.at("secondsLeft");
  const known = pace !== undefined && left !== undefined;
  const all = blocks.toLocaleString("en");
  const words = {
    zh: `共${all}个区块${known ? `，每秒${pace}个，约剩${left}秒` : ""}`,
    en: `${all} blocks in all${known ? `, ${pace} a second, about ${left} s left` : ""}`,
  };
  return [[{ zh: "正在同步", en: "catching up" }, context.t(words)]];
}

function showTransaction(context: Context, answer: Json): string {
  const shown = answer.at("appearances").items.map((item) => {
    const acts = item
      .at("acts")
      .items.map(
        (act) => `${act.at("noun").text}.${act.at("type").text} ${act.at("case").text} #${act.at("number").text}`,
      );
    return context.listing([
      [{ zh: "区块", en: "block" }, `${item.at("block").text} / ${item.at("transaction").text}`],
      [{ zh: "验证码", en: "validation code" }, item.at("code").text],
      [{ zh: "部门", en: "department" }, item.at("department").text],
      ...acts.map((act) => [{ zh: "行为", en: "act" }, act] as const),
    ]);
  });
  return shown.join("\n");
}
