import { dirname, resolve } from "node:path";
import { commandLineSays, LANGUAGE_OPTION } from "@wanlian/protocol/command-line.js";
import { type Language, languageOf, type Words } from "@wanlian/protocol/language.js";
import { Command, CommanderError, Option } from "commander";
import { Network } from "../administration/network.js";
import { failureText } from "../failure.js";
import { readTopology } from "../topology/read.js";
import type { CommandGroup, Output, Surroundings } from "./command-group.js";
import { configureCommand } from "./configure.js";
import { backupCommand, blocksCommand, rebuildCommand, restoreCommand } from "./lost-machine.js";
import { certificatesCommand, certifyCommand, exampleCommand, renewCommand, rootsCommand } from "./organisation.js";
import { applyCommand, planCommand } from "./set-up.js";
import { statusCommand } from "./status.js";
import { inspectCommand, revokeCommand, signCommand, submitCommand } from "./updates.js";

const GROUPS: readonly CommandGroup[] = [
  exampleCommand,
  certificatesCommand,
  configureCommand,
  certifyCommand,
  renewCommand,
  rootsCommand,
  planCommand,
  applyCommand,
  statusCommand,
  inspectCommand,
  signCommand,
  submitCommand,
  revokeCommand,
  backupCommand,
  restoreCommand,
  blocksCommand,
  rebuildCommand,
];

interface Globals {
  readonly topology: string;
  readonly json?: boolean;
}

/** Runs `wanlian network …` and gives the exit code: 0 done, 1 refused or failed, 2 not understood. */
export async function run(
  argv: readonly string[],
  out: Output,
  err: Output,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  const language = languageOf(argv, environment);
  const t = (text: Words) => text[language];
  const program = new Command("wanlian network")
    .description(
      t({
        zh: "建立和管理通道，全部使用 Fabric 自身的接口",
        en: "set up and administer a channel over Fabric's own interfaces",
      }),
    )
    .addOption(
      new Option(
        "--topology <file>",
        t({
          zh: "拓扑文件；证书和密钥在它旁边",
          en: "the topology file; certificates and keys lie beside it",
        }),
      )
        .env("WANLIAN_TOPOLOGY")
        .default("topology.yaml"),
    )
    .addOption(new Option("--lang <language>", t(LANGUAGE_OPTION)).choices(["zh", "en"]))
    .option("--json", t({ zh: "输出 JSON", en: "answer in JSON" }))
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void out.write(commandLineSays(text, language)),
      writeErr: (text) => void err.write(commandLineSays(text, language)),
    });
  for (const group of GROUPS) group(program, t, () => surroundings(program.opts<Globals>(), out, language));
  try {
    await program.parseAsync([...argv], { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const text = failureText(error, language, program.opts<Globals>().json === true ? "json" : "sentence");
    if (text === undefined) throw error;
    err.write(`${text}\n`);
    return 1;
  }
}

function surroundings({ topology: file, json }: Globals, out: Output, language: Language): Surroundings {
  return {
    out,
    language,
    t: (text) => text[language],
    json: json === true,
    base: dirname(resolve(file)),
    topologyFile: resolve(file),
    topology: () => readTopology(file),
    async withNetwork(work) {
      const network = await Network.open(await readTopology(file), dirname(resolve(file)));
      try {
        return await work(network);
      } finally {
        network.close();
      }
    },
  };
}
