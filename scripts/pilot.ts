import { FEWEST_DEPARTMENTS, MOST_DEPARTMENTS } from "@wanlian/network/topology/pilot.js";
import type { Connector, Consensus, Topology } from "@wanlian/network/topology/topology.js";
import { Command, InvalidArgumentError, Option } from "commander";
import { reportAndExit } from "./host/failure.js";
import { addDepartment, removeDepartment } from "./host/membership.js";
import { Pilot } from "./host/pilot.js";
import { progressOn } from "./host/progress.js";
import { printAddresses, printStatus } from "./host/report.js";
import type { Language } from "@wanlian/protocol/language.js";
import { runStory } from "./story/run.js";

interface Options {
  readonly data: string;
  readonly departments?: number;
  readonly network?: Consensus;
  readonly ports?: number;
  readonly connector?: Connector;
}

const program = new Command("pilot").description(
  "A pilot on this host: departments with a ledger of their own. Without a command: sets it up and plays the story.",
);

withWishes(program.command("all", { isDefault: true, hidden: true }))
  .addOption(languageOption())
  .action(async (options: Options & { lang: Language }) => {
    const { pilot, topology } = await bringUp(options);
    await runStory(pilot, options.lang, (text) => process.stdout.write(text));
    process.stdout.write("\n");
    printAddresses(pilot, topology);
  });

withWishes(program.command("up").description("set up what is missing, start what does not run")).action(
  async (options: Options) => {
    const { pilot, topology } = await bringUp(options);
    printAddresses(pilot, topology);
  },
);

program
  .command("story")
  .description("play the story on the pilot that runs")
  .addOption(dataOption())
  .addOption(languageOption())
  .action(({ data, lang }: Options & { lang: Language }) =>
    runStory(new Pilot(data, progressOn(process.stderr)), lang, (text) => process.stdout.write(text)),
  );

program
  .command("down")
  .description('stop everything; "up" resumes')
  .addOption(dataOption())
  .action(({ data }: Options) => new Pilot(data, progressOn(process.stderr)).down());

program
  .command("status")
  .description("what runs, and whether all agree")
  .addOption(dataOption())
  .action(({ data }: Options) => printStatus(new Pilot(data, progressOn(process.stderr))));

program
  .command("reset")
  .description("stop everything and remove its data")
  .addOption(dataOption())
  .action(({ data }: Options) => new Pilot(data, progressOn(process.stderr)).reset());

program
  .command("add-department [mspid]")
  .description("let one more department join the running pilot; without an MSP id, the next one")
  .addOption(dataOption())
  .action(async (mspId: string | undefined, { data }: Options) => {
    const progress = progressOn(process.stderr);
    const pilot = new Pilot(data, progress);
    const joined = await addDepartment(pilot, progress, mspId);
    process.stdout.write(`${joined} takes part.\n`);
  });

program
  .command("remove-department <mspid>")
  .description("let a department leave the running pilot")
  .addOption(dataOption())
  .action(async (mspId: string, { data }: Options) => {
    const progress = progressOn(process.stderr);
    await removeDepartment(new Pilot(data, progress), progress, mspId);
    process.stdout.write(`${mspId} has left.\n`);
  });

/** The options that say what pilot it is to be. */
function withWishes(command: Command): Command {
  return command
    .addOption(dataOption())
    .option(
      "--departments <n>",
      `how many departments, ${FEWEST_DEPARTMENTS} to ${MOST_DEPARTMENTS} (6)`,
      departmentCount,
    )
    .addOption(
      new Option("--network <kind>", "embedded, or real Fabric: raft, bft (needs FABRIC_BIN)").choices([
        "embedded",
        "raft",
        "bft",
      ]),
    )
    .addOption(
      new Option(
        "--connector <kind>",
        "gateway, or fabric-network: peers have no Gateway service, as before Fabric 2.4",
      ).choices(["gateway", "fabric-network"]),
    )
    .option("--ports <first>", "the lowest port (17000)", portNumber);
}

async function bringUp({
  data,
  departments,
  network,
  connector,
  ports,
}: Options): Promise<{ pilot: Pilot; topology: Topology }> {
  const pilot = new Pilot(data, progressOn(process.stderr));
  const topology = await pilot.up({
    ...(departments === undefined ? {} : { departments }),
    ...(network === undefined ? {} : { consensus: network }),
    ...(connector === undefined ? {} : { connector }),
    ...(ports === undefined ? {} : { firstPort: ports }),
  });
  return { pilot, topology };
}

/** The story is told in the reader's language; a Chinese locale means Chinese. */
function languageOption(): Option {
  const locale = process.env.LC_ALL ?? process.env.LC_MESSAGES ?? process.env.LANG ?? "";
  return new Option("--lang <language>", "of the story")
    .choices(["zh", "en"])
    .default(locale.startsWith("zh") ? "zh" : "en");
}

function dataOption(): Option {
  return new Option("--data <dir>", "where everything of the pilot lies").default("data");
}

function departmentCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= FEWEST_DEPARTMENTS && count <= MOST_DEPARTMENTS) return count;
  throw new InvalidArgumentError(`It must be a whole number from ${FEWEST_DEPARTMENTS} to ${MOST_DEPARTMENTS}.`);
}

/** Room is left above for the ports of twelve departments. */
const HIGHEST_FIRST_PORT = 65_000;

function portNumber(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1024 && port <= HIGHEST_FIRST_PORT) return port;
  throw new InvalidArgumentError(`It must be a whole number from 1024 to ${HIGHEST_FIRST_PORT}.`);
}

try {
  await program.parseAsync();
} catch (error) {
  reportAndExit(error);
}
