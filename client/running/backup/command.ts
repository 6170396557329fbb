import { parseArgs } from "node:util";
import { messageOf } from "@wanlian/protocol/errors.js";
import { languageOf, type Words } from "@wanlian/protocol/language.js";
import { readConfig } from "../machine/config.js";
import { backUp } from "./backup.js";
import type { Manifest } from "./manifest.js";
import { restore } from "./restore.js";

const USAGE: Readonly<Record<"backup" | "restore", Words>> = {
  backup: {
    zh: `用法：wanlian backup <节点配置.json> --to <文件夹> [--lang zh|en]

备份一个节点，运行中或停止时均可：配置和密钥、经办人加密的密钥、节点自有的数据、调用日志及其密钥、回签和证书。
由账本派生的数据不备份。备份含有私钥，请妥善保管。
`,
    en: `usage: wanlian backup NODE-CONFIG.json --to FOLDER [--lang zh|en]

Backs a node up, while it runs or not: configuration and keys, officers' sealed keys, its own tables, its log with the
keys, receipts and certificates beside it. What is derived from the ledger is left out. A backup holds private keys.
`,
  },
  restore: {
    zh: `用法：wanlian restore <备份文件夹> <节点配置.json> [--lang zh|en]

在没有该节点数据的机器上恢复。派生数据由节点从账本重新生成；日志先与锚定内容和其他部门所见核对，不旧于它们才续记。
`,
    en: `usage: wanlian restore BACKUP-FOLDER NODE-CONFIG.json [--lang zh|en]

Puts a node back on a machine that has nothing of it. The node makes its projection anew from the ledger; its log goes on
only where it is not older than what was anchored and what other departments were shown.
`,
  },
};

/** @param what the command; its words follow @returns the process's exit code */
export async function run(what: "backup" | "restore", words: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: { to: { type: "string" }, lang: { type: "string" } },
  });
  const language = languageOf(values.lang === undefined ? [] : ["--lang", values.lang], process.env);
  const [first, second] = positionals;
  const { to } = values;
  if (what === "backup" && first !== undefined && to !== undefined && positionals.length === 1) {
    const config = await readConfig(first, process.env);
    process.stdout.write(`${saidOf(await backUp(first, config, to), config.databaseUrl)[language]}\n`);
    return 0;
  }
  if (what === "restore" && first !== undefined && second !== undefined && positionals.length === 2) {
    process.stdout.write(`${restoredOf(await restore(first, second, process.env))[language]}\n`);
    return 0;
  }
  process.stderr.write(USAGE[what][language]);
  return 2;
}

function saidOf({ files, log }: Manifest, databaseUrl: string | undefined): Words {
  const count = Object.keys(files).length;
  const tables =
    databaseUrl === undefined
      ? { zh: "", en: "" }
      : {
          zh: "数据在 PostgreSQL 中，请用 pg_dump 另行备份（架构 local）。",
          en: " The tables are in PostgreSQL: take its schema local with pg_dump.",
        };
  return {
    zh: `已备份 ${count} 个文件，日志 ${log?.size ?? 0} 条。${tables.zh}`,
    en: `${count} files, ${log?.size ?? 0} records of the log.${tables.en}`,
  };
}

function restoredOf({ taken, log }: Manifest): Words {
  return {
    zh: `已恢复 ${taken} 的备份，日志 ${log?.size ?? 0} 条。请启动节点：若日志旧于已公布的内容，节点会说明（LOG_BEHIND）且不续记。`,
    en: `Restored as of ${taken}, ${log?.size ?? 0} records of the log. Start the node: where the log is older than what was made known of it, it says so (LOG_BEHIND) and does not go on with it.`,
  };
}

/** What the two programs do. */
export async function runAndExit(what: "backup" | "restore"): Promise<void> {
  try {
    process.exitCode = await run(what, process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = 2;
  }
}
