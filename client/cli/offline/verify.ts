import { readFile } from "node:fs/promises";
import { messageOf } from "@wanlian/protocol/errors.js";
import type { Command } from "commander";
import type { Context } from "../context.js";
import { CliError } from "../errors.js";

interface VerifyOptions {
  readonly roots: string;
  readonly channel: string;
  readonly contracts: string;
  readonly orderers: string;
}

/** The verification of evidence, which asks no node. */
export function verifyCommand(program: Command, context: Context): void {
  const t = context.t.bind(context);
  program
    .command("verify <file>")
    .description(
      t({
        zh: "离线验证证据文件，只依据各部门根证书；说明证明了什么、没有证明什么",
        en: "check an evidence file offline, against the departments' roots alone; says what it proves and what not",
      }),
    )
    .requiredOption(
      "--roots <path>",
      t({
        zh: "根证书文件（wanlian roots），或按部门分目录的文件夹",
        en: "file of roots (wanlian roots), or a folder with a folder for each organisation",
      }),
    )
    .option("--channel <name>", t({ zh: "通道名；仅用于文件夹", en: "only with a folder" }), "pilot")
    .option("--contracts <name>", t({ zh: "合约名；仅用于文件夹", en: "only with a folder" }), "wanlian")
    .option("--orderers <a,b…>", t({ zh: "排序机构；仅用于文件夹", en: "only with a folder" }), "OrdererMSP")
    .action((file: string, options: VerifyOptions) => verify(context, file, options));
}

async function verify(context: Context, file: string, options: VerifyOptions): Promise<void> {
  // Loaded for this command alone: the others need none of it.
  const { describeStep, parseEvidence, readTrust, verifyEvidence } = await import("../../evidence/index.js");
  const { channel, contracts: chaincode, orderers } = options;
  const trust = await readTrust(options.roots, { channel, chaincode, orderers: orderers.split(",") });
  const { steps, holds, notProven } = await verifyEvidence(await readEvidence(file, parseEvidence), trust);
  const verdict = holds
    ? { zh: "证据成立。", en: "The evidence holds." }
    : { zh: "证据不成立。", en: "The evidence does NOT hold." };
  context.showValue({ holds, steps, notProven }, () =>
    [
      ...steps.map((step) => `${context.t(describeStep(step))}\n`),
      `${context.t(verdict)}\n`,
      `${context.t({ zh: "未证明：", en: "Not proven:" })}\n`,
      ...notProven.map((text) => `  ${context.t(text)}\n`),
    ].join(""),
  );
  if (!holds) throw new CliError("FOUND", verdict);
}

async function readEvidence<T>(file: string, parse: (value: unknown) => T): Promise<T> {
  const text = await readFile(file, "utf8");
  try {
    return parse(JSON.parse(text));
  } catch (cause) {
    const reason = messageOf(cause);
    throw new CliError(
      "USAGE",
      { zh: `${file} 不是证据文件：${reason}。`, en: `${file} is no evidence file: ${reason}.` },
      {},
      cause,
    );
  }
}
