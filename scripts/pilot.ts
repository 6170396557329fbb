import { FEWEST_DEPARTMENTS, MOST_DEPARTMENTS } from "@wanlian/network/topology/pilot.js";
import type { Connector, Consensus, Topology } from "@wanlian/network/topology/topology.js";
import { commandLineSays, LANGUAGE_OPTION } from "@wanlian/protocol/command-line.js";
import { languageOf, type Words } from "@wanlian/protocol/language.js";
import { Command, InvalidArgumentError, Option } from "commander";
import { reportAndExit } from "./host/failure.js";
import { addDepartment, removeDepartment } from "./host/membership.js";
import { Pilot } from "./host/pilot.js";
import { progressOn } from "./host/progress.js";
import { printAddresses, printStatus } from "./host/report.js";
import { runStory } from "./story/run.js";

interface Options {
  readonly data: string;
  readonly departments?: number;
  readonly network?: Consensus;
  readonly ports?: number;
  readonly connector?: Connector;
  readonly topology?: string;
}

const language = languageOf(process.argv.slice(2), process.env);
const progress = progressOn(process.stderr, language);
const program = new Command("pilot")
  .description(
    t({
      zh: "本机上的试点：几个部门和它们自己的账本。不写命令：建立试点并演示故事。",
      en: "A pilot on this host: departments with a ledger of their own. Without a command: sets it up and plays the story.",
    }),
  )
  .configureOutput({
    writeOut: (text) => void process.stdout.write(commandLineSays(text, language)),
    writeErr: (text) => void process.stderr.write(commandLineSays(text, language)),
  });

withWishes(program.command("all", { isDefault: true, hidden: true })).action(async (options: Options) => {
  const { pilot, topology } = await bringUp(options);
  await tellStory(pilot);
  process.stdout.write("\n");
  printAddresses(pilot, topology, language);
});

withWishes(
  command("up", { zh: "建立缺少的，启动没有运行的", en: "set up what is missing, start what does not run" }),
).action(async (options: Options) => {
  const { pilot, topology } = await bringUp(options);
  printAddresses(pilot, topology, language);
});

withData(command("story", { zh: "在运行中的试点上演示故事", en: "play the story on the pilot that runs" })).action(
  ({ data }: Options) => tellStory(pilotIn(data)),
);

withData(command("down", { zh: '全部停止；用 "up" 恢复', en: 'stop everything; "up" resumes' })).action(
  ({ data }: Options) => pilotIn(data).down(),
);

withData(command("status", { zh: "什么在运行，各方是否一致", en: "what runs, and whether all agree" })).action(
  ({ data }: Options) => printStatus(pilotIn(data), language),
);

withData(command("reset", { zh: "全部停止并删除其数据", en: "stop everything and remove its data" })).action(
  ({ data }: Options) => pilotIn(data).reset(),
);

withData(
  command("add-department [mspid]", {
    zh: "让一个部门加入运行中的试点；不写 MSP 标识则为下一个",
    en: "let one more department join the running pilot; without an MSP id, the next one",
  }),
).action(async (mspId: string | undefined, { data }: Options) => {
  const joined = await addDepartment(pilotIn(data), progress, mspId);
  process.stdout.write(`${t({ zh: `${joined} 已参加。`, en: `${joined} takes part.` })}\n`);
});

withData(
  command("remove-department <mspid>", {
    zh: "让一个部门退出运行中的试点",
    en: "let a department leave the running pilot",
  }),
).action(async (mspId: string, { data }: Options) => {
  await removeDepartment(pilotIn(data), progress, mspId);
  process.stdout.write(`${t({ zh: `${mspId} 已退出。`, en: `${mspId} has left.` })}\n`);
});

function t(text: Words): string {
  return text[language];
}

function command(name: string, description: Words): Command {
  return program.command(name).description(t(description));
}

/** What every command takes: the pilot's folder, and the language, which was looked for before anything else. */
function withData(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--data <dir>",
        t({ zh: "试点的全部内容所在的目录", en: "where everything of the pilot lies" }),
      ).default("data"),
    )
    .addOption(new Option("--lang <language>", t(LANGUAGE_OPTION)).choices(["zh", "en"]));
}

/** The options that say what pilot it is to be. */
function withWishes(command: Command): Command {
  return withData(command)
    .option(
      "--departments <n>",
      t({
        zh: `部门数，${FEWEST_DEPARTMENTS} 至 ${MOST_DEPARTMENTS}（6）`,
        en: `how many departments, ${FEWEST_DEPARTMENTS} to ${MOST_DEPARTMENTS} (6)`,
      }),
      departmentCount,
    )
    .addOption(
      new Option(
        "--network <kind>",
        t({
          zh: "embedded，或真实 Fabric：raft、bft（需要 FABRIC_BIN）",
          en: "embedded, or real Fabric: raft, bft (needs FABRIC_BIN)",
        }),
      ).choices(["embedded", "raft", "bft"]),
    )
    .addOption(
      new Option(
        "--connector <kind>",
        t({
          zh: "gateway，或 fabric-network：对等节点没有 Gateway 服务，如 Fabric 2.4 之前",
          en: "gateway, or fabric-network: peers have no Gateway service, as before Fabric 2.4",
        }),
      ).choices(["gateway", "fabric-network"]),
    )
    .option("--ports <first>", t({ zh: "最低的端口（17000）", en: "the lowest port (17000)" }), portNumber)
    .addOption(
      new Option(
        "--topology <file>",
        t({
          zh: "按拓扑文件建立，代替以上各项；其中的地址都必须在本机",
          en: "what a topology file says, in place of the above; its addresses have to be this host's",
        }),
      ).conflicts(["departments", "network", "connector", "ports"]),
    );
}

function pilotIn(data: string): Pilot {
  return new Pilot(data, progress);
}

function tellStory(pilot: Pilot): Promise<void> {
  return runStory(pilot, language, (text) => process.stdout.write(text));
}

async function bringUp({
  data,
  departments,
  network,
  connector,
  ports,
  topology: topologyFile,
}: Options): Promise<{ pilot: Pilot; topology: Topology }> {
  const pilot = pilotIn(data);
  const topology = await pilot.up({
    ...(departments === undefined ? {} : { departments }),
    ...(network === undefined ? {} : { consensus: network }),
    ...(connector === undefined ? {} : { connector }),
    ...(ports === undefined ? {} : { firstPort: ports }),
    ...(topologyFile === undefined ? {} : { topologyFile }),
  });
  return { pilot, topology };
}

function departmentCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= FEWEST_DEPARTMENTS && count <= MOST_DEPARTMENTS) return count;
  throw new InvalidArgumentError(range(FEWEST_DEPARTMENTS, MOST_DEPARTMENTS));
}

/** Lower ones are the system's. */
const LOWEST_FIRST_PORT = 1024;
/** Room is left above for the ports of twelve departments. */
const HIGHEST_FIRST_PORT = 65_000;

function portNumber(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= LOWEST_FIRST_PORT && port <= HIGHEST_FIRST_PORT) return port;
  throw new InvalidArgumentError(range(LOWEST_FIRST_PORT, HIGHEST_FIRST_PORT));
}

function range(from: number, to: number): string {
  return t({ zh: `须为 ${from} 至 ${to} 之间的整数。`, en: `It must be a whole number from ${from} to ${to}.` });
}

try {
  await program.parseAsync();
} catch (error) {
  reportAndExit(error, language);
}
