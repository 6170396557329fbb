import { writeFile } from "node:fs/promises";
import type { Words } from "@wanlian/protocol/language.js";
import { type Command, Option } from "commander";
import { onceReady } from "../awaited.js";
import type { Context } from "../context.js";
import type { Json } from "../json.js";

interface EvidenceOptions {
  readonly out: string;
  readonly mandate?: string;
  readonly department?: string;
  readonly wait?: true;
}
/** Evidence to take home, and the roots to check it against. */
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
    .option("--wait", t({ zh: "等到可以导出为止，并显示在等什么", en: "wait until it can be made, and show for what" }))
    .action(async (record: string, { out, mandate, department, wait }: EvidenceOptions) => {
      const client = await context.client();
      const ask = () =>
        mandate === undefined
          ? client.get(`/accesses/${record}/evidence`)
          : client.post("/audits/evidence", { mandate, department, record });
      const say = (awaited: Words) => context.surroundings.err.write(`${context.t(awaited)}\n`);
      await save(out, wait === true ? await onceReady(ask, say) : await ask());
      context.showValue({ out }, () => `${out}\n`);
    });
  program
    .command("roots")
    .description(
      t({
        zh: "保存首个区块的摘要和各部门的根证书，用于离线验证；先用 compare-roots 与其他部门的核对",
        en: "keep the first block's digest and the departments' root certificates, to verify offline; compare-roots compares them with another department's",
      }),
    )
    .requiredOption("--out <path>")
    .action(async ({ out }: { out: string }) => {
      await save(out, await (await context.client()).get("/roots"));
      context.showValue({ out }, () => `${out}\n`);
    });
}

async function save(path: string, answer: Json): Promise<void> {
  // What a demo channel's node says of every answer is no part of the file's format.
  const { demo: _demo, ...content } = answer.value as { readonly demo?: unknown };
  // Written for one's own eyes: the key in it opens what was looked up.
  await writeFile(path, `${JSON.stringify(content)}\n`, { mode: 0o600 });
}

/** What a node can be asked whose answer can be taken home (docs/formats/answer.md). */
export interface AskedQuestion {
  readonly kind: string;
  readonly [member: string]: unknown;
}

/** `--evidence`: the answer as a file, instead of shown. */
export const evidenceOption = (context: Context): Option =>
  new Option(
    "--evidence <path>",
    context.t({
      zh: "把答复作为证据存为文件，供 wanlian verify 离线验证；等到可以导出为止",
      en: "the answer as evidence, in a file that wanlian verify checks offline; waits until it can be made",
    }),
  );

/** Writes the answer to a file. Members that are undefined are not asked about. */
export async function takeHome(context: Context, path: string, question: AskedQuestion): Promise<void> {
  const client = await context.client();
  const asked = Object.fromEntries(Object.entries(question).filter(([, value]) => value !== undefined));
  const say = (awaited: Words) => context.surroundings.err.write(`${context.t(awaited)}\n`);
  const answer = await onceReady(() => client.post("/evidence", { question: asked }), say);
  await save(path, answer);
  context.showValue({ out: path }, () => `${path}\n`);
}
