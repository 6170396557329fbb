import { readFile, writeFile } from "node:fs/promises";
import { messageOf } from "@wanlian/protocol/errors.js";
import type { Command } from "commander";
import type { Context } from "../context.js";
import { CliError } from "../errors.js";
import type { Json } from "../json.js";

interface EvidenceOptions {
  readonly out: string;
  readonly mandate?: string;
  readonly department?: string;
}
interface VerifyOptions {
  readonly roots: string;
  readonly channel: string;
  readonly contracts: string;
  readonly orderers: string;
}

/** Evidence to take home, and the verification of it, which asks no node. */
export function evidenceCommands(program: Command, context: Context): void {
  const t = context.t.bind(context);
  program
    .command("evidence <record>")
    .description(t({ zh: "导出一次调用的证据文件", en: "write the evidence of one access to a file" }))
    .requiredOption("--out <path>")
    .option(
      "--mandate <id>",
      t({ zh: "审计授权：从其他部门的日志导出", en: "an auditor's: from another department's log" }),
    )
    .option("--department <msp>", t({ zh: "与 --mandate 合用", en: "whose log; with --mandate" }))
    .action(async (record: string, { out, mandate, department }: EvidenceOptions) => {
      const client = await context.client();
      const answer =
        mandate === undefined
          ? await client.get(`/accesses/${record}/evidence`)
          : await client.post("/audits/evidence", { mandate, department, record });
      await save(out, answer);
      context.showValue({ out }, () => `${out}\n`);
    });
  program
    .command("roots")
    .description(
      t({ zh: "保存各部门的根证书，用于离线验证", en: "keep the departments' root certificates, to verify offline" }),
    )
    .requiredOption("--out <path>")
    .action(async ({ out }: { out: string }) => {
      await save(out, await (await context.client()).get("/roots"));
      context.showValue({ out }, () => `${out}\n`);
    });
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
  const [{ parseEvidence }, { describeStep }, { readTrust }, { verifyEvidence }] = await Promise.all([
    import("../../evidence/bundle.js"),
    import("../../evidence/step.js"),
    import("../../evidence/trust.js"),
    import("../../evidence/verify.js"),
  ]);
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

async function save(path: string, answer: Json): Promise<void> {
  // What a demo channel's node says of every answer is no part of the file's format.
  const { demo: _demo, ...content } = answer.value as { readonly demo?: unknown };
  // Written for one's own eyes: the key in it opens what was looked up.
  await writeFile(path, `${JSON.stringify(content)}\n`, { mode: 0o600 });
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
