import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { MspId } from "@wanlian/model/identifiers.js";
import { messageOf } from "@wanlian/protocol/errors.js";
import { languageOf, type Words } from "@wanlian/protocol/language.js";
import { openDatabase } from "../projection/index.js";
import { beginLog } from "./begin-log.js";
import { readConfig } from "./machine/config.js";
import { claimDataDirectory } from "./machine/data-directory.js";

const USAGE: Words = {
  zh: `用法：wanlian begin-log <节点配置.json> --out <文件> [--lang zh|en]

节点停止时使用：调用日志的磁盘或密钥丢失、无法续记时，把原有的一切移到一旁，另起一份日志。
写出的文件由管理员在节点启动后提交：wanlian log begin-anew 部门 --body @文件 --reasons 原因
`,
  en: `usage: wanlian begin-log NODE-CONFIG.json --out FILE [--lang zh|en]

With the node stopped, where its log's disk or key is lost and the log cannot go on: puts aside what is left of it, and
begins another. An administrator files what is written, once the node runs again:
wanlian log begin-anew DEPARTMENT --body @FILE --reasons TEXT
`,
};

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { out: { type: "string" }, lang: { type: "string" } },
  });
  const language = languageOf(values.lang === undefined ? [] : ["--lang", values.lang], process.env);
  const [file] = positionals;
  const { out } = values;
  if (file === undefined || out === undefined || positionals.length > 1) {
    process.stderr.write(USAGE[language]);
    return 2;
  }
  const config = await readConfig(file, process.env);
  const directory = claimDataDirectory(config.dataDir);
  try {
    const db = await openDatabase({ directory: config.dataDir, url: config.databaseUrl });
    try {
      const { department, channel, dataDir } = config;
      const lost = { department: department as MspId, channel, dir: join(dataDir, "exchange"), db };
      const { body, former } = await beginLog(lost);
      await writeFile(out, `${JSON.stringify(body, undefined, 2)}\n`);
      const aside =
        former === undefined
          ? { zh: "", en: "" }
          : { zh: `原有内容移至 ${former}。`, en: `What there was is in ${former}. ` };
      const done = {
        zh: `${aside.zh}启动节点后提交：wanlian log begin-anew ${department} --body @${out} --reasons 原因\n`,
        en: `${aside.en}Start the node, then: wanlian log begin-anew ${department} --body @${out} --reasons TEXT\n`,
      };
      process.stdout.write(done[language]);
      return 0;
    } finally {
      await db.destroy();
    }
  } finally {
    directory.release();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 2;
}
