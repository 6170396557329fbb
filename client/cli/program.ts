import { randomUUID } from "node:crypto";
import { commandLineSays, LANGUAGE_OPTION } from "@wanlian/protocol/command-line.js";
import { languageOf } from "@wanlian/protocol/language.js";
import { Command, CommanderError, Option } from "commander";
import { auditCommand } from "./commands/audit.js";
import { evidenceCommands } from "./commands/evidence.js";
import { exchangeCommands } from "./commands/exchange.js";
import { nounCommands } from "./commands/nouns.js";
import { asOfCommands } from "./commands/past/as-of.js";
import { cellCommands } from "./commands/past/cell.js";
import { lineageCommand } from "./commands/past/lineage.js";
import { traceCommands } from "./commands/past/trace.js";
import { readingCommands } from "./commands/reading.js";
import { sessionCommands } from "./commands/session.js";
import { callCommands } from "./commands/use/calls.js";
import { Context, type GlobalOptions, type Surroundings } from "./context.js";
import { CliError } from "./errors.js";
import { failureText } from "./failure.js";
import { addDatasetDraft } from "./offline/dataset-draft.js";
import { keyCommands } from "./offline/keys.js";
import { addDatasetExport, addDatasetImport } from "./offline/lists/dataset-import.js";
import { addDemandLists } from "./offline/lists/demand-lists.js";
import { pageCommand } from "./offline/page.js";
import { addPolicyDraft } from "./offline/policy-draft.js";
import { addCorrectionCheck } from "./offline/quality/correction.js";
import { qualityCommands } from "./offline/quality.js";
import { addReleaseCheck, csvCommands } from "./offline/release-file.js";
import { sourceCommands } from "./offline/source.js";
import { verifyCommand } from "./offline/verify.js";

/** What a shell is told. */
const OK = 0;
const FAILED = 1;
const USAGE = 2;
const NOT_PROVEN = 3;

/** A group of commands of another part of the node. */
export type CommandGroup = (program: Command, context: Context) => void;

/** Runs one command line and gives the exit code. Everything it says goes to `surroundings`. */
export async function run(
  argv: readonly string[],
  surroundings: Surroundings,
  groups: readonly CommandGroup[] = [],
): Promise<number> {
  const program = new Command("wanlian");
  const language = languageOf(argv, surroundings.environment);
  const context = new Context(surroundings, language, program);
  const t = context.t.bind(context);
  program
    .description(t({ zh: "宛链：部门节点的命令行", en: "wanlian: a department's node from the command line" }))
    .option("--node <url>", t({ zh: "节点地址；默认取 WANLIAN_NODE", en: "the node's address; default: WANLIAN_NODE" }))
    .option("--json", t({ zh: "输出 JSON", en: "answer in JSON" }))
    .option("--id", t({ zh: "只输出事项编号", en: "print the case's id and nothing else" }))
    .addOption(new Option("--lang <language>", t(LANGUAGE_OPTION)).choices(["zh", "en"]))
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => surroundings.out.write(commandLineSays(text, language)),
      writeErr: (text) => surroundings.err.write(commandLineSays(text, language)),
    });
  try {
    assertUtf8(argv);
    await addCommands(program, context, firstWord(program, argv));
    for (const group of groups) group(program, context);
    await program.parseAsync([...argv], { from: "user" });
    return OK;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === OK ? OK : USAGE;
    const text = failureText(error);
    if (text === undefined) throw error;
    const problem = program.opts<GlobalOptions>().json === true && error instanceof CliError && error.details.problem;
    surroundings.err.write(`${problem ? JSON.stringify(problem, null, 2) : t(text)}\n`);
    return exitCodeOf(error);
  }
}

/** The command that the command line names; its global options count from here on. */
const firstWord = (program: Command, argv: readonly string[]): string | undefined =>
  program.parseOptions([...argv]).operands[0];

async function addCommands(program: Command, context: Context, named: string | undefined): Promise<void> {
  sessionCommands(program, context);
  readingCommands(program, context);
  lineageCommand(program, context);
  traceCommands(program, context);
  asOfCommands(program, context);
  const nouns = await nounCommands(program, context, named);
  clockCommand(nouns.get("clock"), context);
  const policy = nouns.get("policy");
  if (policy !== undefined) addPolicyDraft(policy, context);
  const release = nouns.get("release");
  if (release !== undefined) addReleaseCheck(release, context);
  const objection = nouns.get("objection");
  if (objection !== undefined) addCorrectionCheck(objection, context);
  const dataset = nouns.get("dataset");
  if (dataset !== undefined) {
    addDatasetDraft(dataset, context);
    addDatasetImport(dataset, context);
    addDatasetExport(dataset, context);
  }
  const demand = nouns.get("demand");
  if (demand !== undefined) addDemandLists(demand, context);
  csvCommands(program, context);
  qualityCommands(program, context);
  sourceCommands(program, context);
  exchangeCommands(program, context);
  callCommands(program, context);
  auditCommand(program, context);
  cellCommands(program, context);
  evidenceCommands(program, context);
  verifyCommand(program, context);
  pageCommand(program, context);
  keyCommands(program, context);
}

function exitCodeOf(error: unknown): number {
  if (!(error instanceof CliError)) return FAILED;
  if (error.code === "USAGE") return USAGE;
  return error.code === "NOT_PROVEN" ? NOT_PROVEN : FAILED;
}

/** Bytes that are not UTF-8 reach a program as U+FFFD: from a terminal in GBK, the words would be lost. */
function assertUtf8(argv: readonly string[]): void {
  if (!argv.some((word) => word.includes("\ufffd"))) return;
  throw new CliError("USAGE", {
    zh: "命令行不是 UTF-8；请把终端的编码设为 UTF-8，或把内容存为 UTF-8 文件用 @ 引用。",
    en: "The command line is not UTF-8: set the terminal to UTF-8, or give the text in a UTF-8 file with @.",
  });
}

function clockCommand(clock: Command | undefined, context: Context): void {
  clock
    ?.command("tick <time>")
    .description(context.t({ zh: "拨动演示通道的时钟", en: "move a demo channel's clock on" }))
    .option("--idempotency-key <key>")
    .action(async (time: string, { idempotencyKey = randomUUID() }: { idempotencyKey?: string }) => {
      const answer = await (await context.client()).post(
        "/clock/tick",
        { time },
        { "Idempotency-Key": idempotencyKey },
      );
      context.show(answer, () => `${answer.at("act.time").text}\n`);
    });
}
