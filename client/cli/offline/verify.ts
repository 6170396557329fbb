import { readFile } from "node:fs/promises";
import { messageOf } from "@wanlian/protocol/errors.js";
import type { Words } from "@wanlian/protocol/language.js";
import { CODE_WORDS } from "@wanlian/words/index.js";
import type { Command } from "commander";
import type { Context } from "../context.js";
import { CliError } from "../errors.js";

/** The verification of evidence, and the comparison of what it rests on: neither asks a node. */
export function verifyCommand(program: Command, context: Context): void {
  const t = context.t.bind(context);
  program
    .command("verify <file>")
    .description(
      t({
        zh: "离线验证一次调用的证据或一个问题的答复，只依据自存的首个区块摘要和根证书；先说未证明的。退出码：0已证明，3未全部证明，1不成立",
        en: "check evidence of an access, or an answer that was taken home, offline, against the first block and the roots that you keep; says first what is not proven. Exit code: 0 proven, 3 not all proven, 1 does not hold",
      }),
    )
    .requiredOption("--roots <path>", t({ zh: "wanlian roots 写的文件", en: "the file that wanlian roots wrote" }))
    .option(
      "--answer <path>",
      t({
        zh: "查询时用 --keep 另存的答复：一并验证其出自所登记的批次",
        en: "what a look-up kept by --keep: check too that it is the registered release's",
      }),
    )
    .action((file: string, options: VerifyOptions) => verify(context, file, options));
  program
    .command("compare-roots <own> <other>")
    .description(
      t({
        zh: "比较两个部门各自保存的首个区块摘要和根证书",
        en: "compare what two departments keep: first block and root certificates",
      }),
    )
    .action((own: string, other: string) => compare(context, own, other));
}

interface VerifyOptions {
  readonly roots: string;
  readonly answer?: string;
}

async function verify(context: Context, file: string, { roots, answer }: VerifyOptions): Promise<void> {
  // Loaded for this command alone: the others need none of it.
  const { describeStep, parseAnyFile, parseShownAnswer, readTrustFile, trustOf, verifyFile } = await import(
    "../../evidence/index.js"
  );
  const trust = trustOf(await readTrustFile(roots));
  const evidence = await readEvidence(file, parseAnyFile);
  const shown = answer === undefined ? undefined : await readEvidence(answer, parseShownAnswer);
  const { verdict: outcome, steps, explanation } = await verifyFile(evidence, trust, CODE_WORDS, shown);
  const { verdict, open, proven, never } = explanation;
  const section = (title: Words, sentences: readonly Words[]) =>
    sentences.length === 0 ? [] : [context.t(title), ...sentences.map((one) => `  ${context.t(one)}`)];
  context.showValue({ verdict: outcome, open, proven, never, steps }, () =>
    [
      context.t(verdict),
      ...section({ zh: "未成立或未证明：", en: "Not so, or not proven:" }, open),
      ...section({ zh: "已证明：", en: "Proven:" }, proven),
      ...section({ zh: "任何证据都不能证明：", en: "What no evidence can prove:" }, never),
      ...section({ zh: "验证步骤：", en: "Steps:" }, steps.map(describeStep)),
      "",
    ].join("\n"),
  );
  if (outcome !== "proven") throw new CliError(outcome === "refuted" ? "FOUND" : "NOT_PROVEN", verdict);
}

async function compare(context: Context, own: string, other: string): Promise<void> {
  const { differencesOf, readTrustFile } = await import("../../evidence/index.js");
  const differences = differencesOf(await readTrustFile(own), await readTrustFile(other));
  const same: Words = { zh: "两份一致", en: "The two are the same" };
  context.showValue({ differences }, () => (differences.length === 0 ? `${context.t(same)}\n` : ""));
  if (differences.length === 0) return;
  const names = differences.join(", ");
  throw new CliError("FOUND", {
    zh: `两份不一致：${names}；请勿使用，先与各部门核对`,
    en: `The two differ: ${names}; use neither before you have asked the departments`,
  });
}

async function readEvidence<T>(file: string, parse: (value: unknown) => T): Promise<T> {
  const text = await readFile(file, "utf8");
  try {
    return parse(JSON.parse(text));
  } catch (cause) {
    const reason = messageOf(cause);
    throw new CliError(
      "USAGE",
      { zh: `${file} 不是证据文件：${reason}`, en: `${file} is no evidence file: ${reason}` },
      { cause },
    );
  }
}
