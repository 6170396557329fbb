import { randomUUID } from "node:crypto";
import { type CommandDefinition, NONE, type NounDefinition } from "@wanlian/model/kernel/noun.js";
import { RELEASED } from "@wanlian/model/models.js";
import { wordsIn } from "@wanlian/words/index.js";
import { type Command, Option } from "commander";
import {
  beginsNamelessCase,
  caseRoute,
  collectionOf,
  commandTitle,
  filingRoute,
  isNodesDuty,
  kebab,
} from "../../api-document/index.js";
import { addBodyOptions, bodyOf } from "../body-options.js";
import { actColumns, caseColumns, dueText, textColumns } from "../columns.js";
import type { Context } from "../context.js";
import { CliError } from "../errors.js";
import { exampleOf } from "../example.js";
import type { Json } from "../json.js";
import type { NodeClient } from "../node-client.js";
import { type AssessmentOptions, addAssessmentFile, assessmentBody } from "../offline/assessment-file.js";
import { addReleaseFile, releaseBody } from "../offline/release-file.js";
import { type Rules, rulesOf, whoseTables } from "../rules.js";
import { addCovered } from "./covered.js";
import { FILLED, fillIn } from "./fill.js";
import { addMatches } from "./matches.js";
import { addReportCommands, sendReport } from "./report.js";
import { addScores } from "./scores.js";
import { wholeId, withWholeIds } from "./short-id.js";
import { addStages } from "./stages.js";
import { addEvaluations } from "./supervision/evaluation.js";
import { addSupervisionReport } from "./supervision/report.js";
import { addCityUse, addUsageDifferences, addUsageDraft } from "./supervision/usage.js";

/** Nouns of all versions: which of them are in force, the node says once one is named. */
const NOUNS: ReadonlyMap<string, NounDefinition> = new Map(
  RELEASED.all.flatMap((model) => Object.entries<NounDefinition>(model.nouns)),
);

/**
 * One command a noun. The one that the command line names gets a subcommand for each row of its table that an officer
 * can use, by the version of the rules in force on the node's channel.
 * @param named the command line's first word
 */
export async function nounCommands(
  program: Command,
  context: Context,
  named: string | undefined,
): Promise<Map<string, Command>> {
  const made = new Map<string, Command>();
  for (const { name, title } of NOUNS.values()) {
    const command = program.command(name).description(context.t(title));
    if (name === named) addTable(command, name, context, await rulesOf(context));
    made.set(name, command);
  }
  return made;
}

function addTable(command: Command, name: string, context: Context, rules: Rules): void {
  const noun = rules.model.nouns[name];
  if (noun === undefined) {
    refuseAll(command, name, rules);
    return;
  }
  command.addHelpText("after", () => `\n${context.t(whoseTables(rules))}\n`);
  addReading(command, noun, context);
  if (noun.identity !== "single") addTexts(command, noun, context);
  for (const [type, definition] of Object.entries(noun.commands)) {
    if (!isNodesDuty(definition)) addFiling(command, noun, type, definition, context, rules);
  }
  if (name === "assessment") addReportCommands(command, context);
  if (name === "dataset") {
    addScores(command, context);
    addStages(command, context);
  }
  if (name === "demand") addMatches(command, noun, context);
  if (name === "application") addCovered(command, context);
  if (name === "usage") {
    addUsageDifferences(command, context);
    addCityUse(command, context);
    addUsageDraft(command, context);
  }
  if (name === "evaluation") {
    addEvaluations(command, context);
    addSupervisionReport(command, context);
  }
}

/** Whatever is asked of a noun that the rules do not have: which rules those are. */
function refuseAll(command: Command, name: string, rules: Rules): void {
  const which = whoseTables(rules);
  command
    .argument("[words...]")
    .allowUnknownOption()
    .helpOption(false)
    .action(() => {
      throw new CliError("NOT_IN_FORCE", {
        zh: `${which.zh}其中没有 ${name}。`,
        en: `${which.en} They have no ${name}.`,
      });
    });
}

function addReading(command: Command, noun: NounDefinition, context: Context): void {
  const single = noun.identity === "single";
  if (!single) {
    command
      .command("list")
      .description(context.t({ zh: "列表", en: "list" }))
      .addOption(new Option("--status <status>").choices([...noun.statuses]))
      .option("--party <department>")
      .option("--about <noun/case>")
      .option("--text <words>")
      .option("--overdue")
      .option("--limit <n>", context.t({ zh: "最多显示条数", en: "entries at most" }), "200")
      .action(async ({ limit, overdue, ...filter }: Record<string, string | undefined>) => {
        const query = { ...filter, overdue: overdue === undefined ? undefined : "true" };
        context.showList(await (await context.client()).all(collectionOf(noun), query, Number(limit)), caseColumns);
      });
  }
  command
    .command(single ? "show" : "show <case>")
    .description(context.t({ zh: "详情", en: "show one, with what may be done about it now" }))
    .action(async (id: unknown) => {
      const client = await context.client();
      const answer = await client.get(pathOf(noun, caseRoute(noun), await named(client, noun, id)));
      context.show(answer, () => showCase(context, answer));
    });
  command
    .command(single ? "history" : "history <case>")
    .description(context.t({ zh: "全部行为", en: "every act" }))
    .action(async (id: unknown) => {
      const client = await context.client();
      const path = pathOf(noun, `${caseRoute(noun)}/acts`, await named(client, noun, id));
      context.showList(await client.all(path, {}), actColumns);
    });
}

function addTexts(command: Command, noun: NounDefinition, context: Context): void {
  command
    .command("texts <case>")
    .description(
      context.t({ zh: "各行为的文字（向撰写部门索取）", en: "the texts of its acts, asked of their authors' nodes" }),
    )
    .action(async (id: string) => {
      const client = await context.client();
      const answer = await client.get("/texts", { noun: noun.name, case: await wholeId(client, noun, id) });
      context.showList(answer.at("items").items, textColumns);
    });
}

function addFiling(
  command: Command,
  noun: NounDefinition,
  type: string,
  definition: CommandDefinition,
  context: Context,
  rules: Rules,
): void {
  const nameless = beginsNamelessCase(noun, definition) || noun.identity === "single";
  const name = `${noun.name}.${type}`;
  const filingWords = [noun.name, kebab(type), ...(nameless ? [] : [caseSample(noun)])];
  const filing = command
    .command(nameless ? kebab(type) : `${kebab(type)} <case>`)
    .description(commandTitle(noun, type, context.language))
    .option(
      "--idempotency-key <key>",
      context.t({ zh: "幂等键；重复提交时沿用", en: "idempotency key; use it again to repeat a filing" }),
    )
    .option("--seen <n>", context.t({ zh: "决定时所见的最后行为号", en: "the case's last act when you decided" }))
    .option("--preview", context.t({ zh: "只预览，不提交", en: "show what it would be, file nothing" }));
  addBodyOptions(filing, definition.body, context.t.bind(context), FILLED[name]);
  filing.addHelpText(
    "after",
    () =>
      `${whoAndWhen(context, noun, definition)}${example(context, filingWords, definition, name)}${context.t(whoseTables(rules))}\n`,
  );
  if (name === "release.register") addReleaseFile(filing, context);
  if (name === "assessment.state") addAssessmentFile(filing, context);
  filing.action(async (...given: unknown[]) => {
    const options = given[nameless ? 0 : 1] as Readonly<Record<string, string | undefined>>;
    const client = await context.client();
    const id = nameless ? undefined : await wholeId(client, noun, String(given[0]));
    const typed = await bodyOf(definition.body, options, context.surroundings.in);
    const released = await releaseBody(context, name, typed, options);
    const made = await assessmentBody(context, name, released, filing.opts<AssessmentOptions>());
    const body = await fillIn(name, client, await withWholeIds(client, rules.model, made.body, name), id);
    const key = options.idempotencyKey ?? randomUUID();
    const query = new URLSearchParams({
      ...(options.seen === undefined ? {} : { seen: options.seen }),
      ...(options.preview === undefined ? {} : { preview: "true" }),
    });
    const path = `${pathOf(noun, filingRoute(noun, type, definition), id)}${query.size === 0 ? "" : `?${query}`}`;
    const answer = await sent(client.post(path, body, { "Idempotency-Key": key }), key);
    if (made.report !== undefined && options.preview === undefined) {
      await handedIn(sendReport(context, answer.at("act.case").text, made.report), key);
    }
    context.show(answer, () => showFiling(context, answer));
  });
}

/** How the case would be named, as its list shows it. */
const caseSample = ({ identity }: NounDefinition): string =>
  identity === "code" ? "CivilMSP/divisions" : identity === "department" ? "CivilMSP" : "3f9c12ab";

function example(context: Context, words: readonly string[], { body }: CommandDefinition, name: string): string {
  const command = exampleOf(words, body, FILLED[name] ?? []);
  return context.t({ zh: `示例：${command}\n`, en: `Example: ${command}\n` });
}

/** Who may give the command, and in which states, in words: as its row of the table has it. */
function whoAndWhen(context: Context, noun: NounDefinition, { by, from }: CommandDefinition): string {
  const words = wordsIn(context.language);
  const join = context.t({ zh: "、", en: ", " });
  const who = by.map(({ relation, role }) =>
    context.t({
      zh: `${words.relation(relation)}的${words.role(role)}`,
      en: `${words.role(role)} of ${words.relation(relation)}`,
    }),
  );
  const states = from.map((status) =>
    status === NONE ? context.t({ zh: "尚无此事项时", en: "before there is one" }) : words.state(noun.name, status),
  );
  return context.t({
    zh: `\n谁可以办理：${who.join(join)}\n何时：${states.join(join)}\n`,
    en: `\nWho: ${who.join(join)}\nWhen: ${states.join(join)}\n`,
  });
}

/** Whoever lost the answer has to know the key: with it the same command never files twice. */
async function sent(answer: Promise<Json>, key: string): Promise<Json> {
  try {
    const received = await answer;
    if (received.at("status").text !== "pending") return received;
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== "UNREACHABLE") throw error;
    throw new CliError(
      "OUTCOME_OPEN",
      {
        zh: `${error.text.zh}请用 --idempotency-key ${key} 重复提交；不会记两次。`,
        en: `${error.message} Repeat it with --idempotency-key ${key}; it never files twice.`,
      },
      { cause: error },
    );
  }
  throw new CliError("OUTCOME_OPEN", {
    zh: `已提交；结果未定。请用 --idempotency-key ${key} 再次查询。`,
    en: `Sent; the outcome is not known yet. Ask again with --idempotency-key ${key}.`,
  });
}

/** What is stated counts already; its report can be handed in again. */
async function handedIn(sending: Promise<void>, key: string): Promise<void> {
  try {
    await sending;
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    throw new CliError(
      error.code,
      {
        zh: `评估已记入账本，报告未能存入节点：${error.text.zh}请用 --idempotency-key ${key} 重复提交；不会记两次。`,
        en: `The assessment counts, but its report is not at the node: ${error.message} Repeat it with --idempotency-key ${key}; it never files twice.`,
      },
      { cause: error },
    );
  }
}

/** As `wholeId`; nothing where the noun has one case alone. */
const named = async (client: NodeClient, noun: NounDefinition, id: unknown): Promise<unknown> =>
  typeof id === "string" ? await wholeId(client, noun, id) : id;

function pathOf(noun: NounDefinition, route: string, id: unknown): string {
  if (typeof id !== "string") return route;
  if (noun.identity !== "code") return route.replace("{case}", encodeURIComponent(id));
  const [provider = "", code = ""] = id.split("/");
  return route.replace("{provider}", encodeURIComponent(provider)).replace("{code}", encodeURIComponent(code));
}

function showCase(context: Context, answer: Json): string {
  const found = answer.at("case");
  const deadlines = answer.at("deadlines").items.map((item) => {
    const state =
      item.at("ended").string ?? (item.at("overdue").value === true ? context.t({ zh: "已逾期", en: "overdue" }) : "");
    return `${item.at("kind").text} → ${context.t(dueText(item))} ${item.at("owner").text} ${state}`;
  });
  return context.listing([
    [{ zh: "事项", en: "case" }, `${found.at("noun").text} ${found.at("case").text}`],
    [{ zh: "状态", en: "status" }, found.at("status").text],
    [{ zh: "末次行为", en: "last act" }, `#${found.at("act").text} ${found.at("changed.time").text}`],
    ...answer
      .at("parties")
      .items.map(
        (item) =>
          [{ zh: "相关方", en: "party" }, `${item.at("department").text} (${item.at("relation").text})`] as const,
      ),
    ...deadlines.map((deadline) => [{ zh: "期限", en: "deadline" }, deadline] as const),
    ...answer
      .at("references")
      .items.map(
        (item) => [{ zh: "关联", en: "refers to" }, `${item.at("noun").text} ${item.at("case").text}`] as const,
      ),
    [{ zh: "可办", en: "you may" }, answer.at("actions").text],
    ...answer
      .at("entry.fields")
      .items.map(
        (field) =>
          [
            { zh: "字段", en: "field" },
            `${field.at("name").text} ${field.at("type").text} ${field.at("meaning").text}`,
          ] as const,
      ),
    ...Object.entries((found.at("state").value ?? {}) as object).map(
      ([name, value]) =>
        [{ zh: `· ${name}`, en: `· ${name}` }, typeof value === "string" ? value : JSON.stringify(value)] as const,
    ),
  ]);
}

function showFiling(context: Context, answer: Json): string {
  const act = answer.at("act");
  return context.listing([
    [{ zh: "事项", en: "case" }, `${act.at("noun").text} ${act.at("case").text}`],
    [{ zh: "行为", en: "act" }, `#${act.at("number").text} ${act.at("type").text}`],
    [{ zh: "状态", en: "status" }, act.at("state.status").text],
    [{ zh: "区块", en: "block" }, answer.at("block").text],
    [{ zh: "交易", en: "transaction" }, answer.at("transactionId").text],
  ]);
}
