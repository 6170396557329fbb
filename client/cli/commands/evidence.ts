import { writeFile } from "node:fs/promises";
import type { Words } from "@wanlian/protocol/language.js";
import type { Command } from "commander";
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
