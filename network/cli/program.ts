import { dirname, resolve } from "node:path";
import { Command, CommanderError, Option } from "commander";
import { Network } from "../administration/network.js";
import { NetworkError } from "../error.js";
import { readTopology } from "../topology/read.js";
import type { Topology } from "../topology/topology.js";
import { certificatesCommand, certifyCommand, configureCommand, exampleCommand } from "./organisation.js";
import { applyCommand, planCommand } from "./set-up.js";
import { statusCommand } from "./status.js";
import { inspectCommand, revokeCommand, signCommand, submitCommand } from "./updates.js";

/** Where a command's words go. */
export interface Output {
  write(text: string): unknown;
}

/** What every command gets. */
export interface Surroundings {
  readonly out: Output;
  readonly language: "zh" | "en";
  readonly json: boolean;
  /** The folder of the topology file. */
  readonly base: string;
  topology(): Promise<Topology>;
  /** Opens the topology's network for the time of the work. */
  withNetwork<T>(work: (network: Network) => Promise<T>): Promise<T>;
}

/** Adds commands to the program. */
export type CommandGroup = (program: Command, surroundings: () => Surroundings) => void;

const GROUPS: readonly CommandGroup[] = [
  exampleCommand,
  certificatesCommand,
  configureCommand,
  certifyCommand,
  planCommand,
  applyCommand,
  statusCommand,
  inspectCommand,
  signCommand,
  submitCommand,
  revokeCommand,
];

interface Globals {
  readonly topology: string;
  readonly lang: "zh" | "en";
  readonly json?: boolean;
}

/** Runs `wanlian network …` and gives the exit code: 0 done, 1 refused or failed, 2 not understood. */
export async function run(argv: readonly string[], out: Output, err: Output): Promise<number> {
  const program = new Command("wanlian network")
    .description("set up and administer a channel over Fabric's own interfaces")
    .addOption(
      new Option("--topology <file>", "the topology file; certificates and keys lie beside it")
        .env("WANLIAN_TOPOLOGY")
        .default("topology.yaml"),
    )
    .addOption(new Option("--lang <language>", "language").choices(["zh", "en"]).default(languageOf(process.env)))
    .option("--json", "answer in JSON")
    .exitOverride()
    .configureOutput({ writeOut: (text) => void out.write(text), writeErr: (text) => void err.write(text) });
  for (const group of GROUPS) group(program, () => surroundings(program.opts<Globals>(), out));
  try {
    await program.parseAsync([...argv], { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof NetworkError)) throw error;
    err.write(`${error.message}\n`);
    return 1;
  }
}

function surroundings({ topology: file, lang, json }: Globals, out: Output): Surroundings {
  return {
    out,
    language: lang,
    json: json === true,
    base: dirname(resolve(file)),
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

function languageOf(environment: NodeJS.ProcessEnv): "zh" | "en" {
  return environment.LANG?.startsWith("zh") ? "zh" : "en";
}
