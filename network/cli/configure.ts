import { existsSync } from "node:fs";
import { userInfo } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Option } from "commander";
import { type FabricBinaries, findBinaries } from "../fabric/binaries.js";
import { composeFile, IMAGE_BINARIES } from "../machine/compose.js";
import { layout } from "../machine/layout.js";
import { inOrder, organisationProcesses } from "../machine/processes.js";
import { programsIn } from "../machine/programs.js";
import { systemdUnit, unitName } from "../machine/systemd.js";
import { writeWhole } from "../processes/files.js";
import type { ProcessSpec } from "../processes/process.js";
import type { Consensus } from "../topology/topology.js";
import type { CommandGroup } from "./command-group.js";
import { organisationIn } from "./organisation.js";

/** How processes are handed over: a command line each, units of systemd, or a compose file. */
const FORMS = ["commands", "systemd", "compose"] as const;
type Form = (typeof FORMS)[number];

interface ConfigureOptions {
  readonly services: Form;
  readonly user: string;
}

const REPOSITORY = fileURLToPath(new URL("../../../", import.meta.url));

/** `configure MSPID`: configuration for everything of an organisation's that runs on this machine, and how it is started. */
export const configureCommand: CommandGroup = (program, t, surroundings) => {
  program
    .command("configure <mspid>")
    .description(
      t({
        zh: "为一个机构写出本机全部进程（排序节点、对等节点、合约进程、部门节点）的配置，并说明如何启动",
        en: "write the configuration of all that an organisation runs on this machine (orderers, peers, contract processes, node), and say how it is started",
      }),
    )
    .addOption(
      new Option("--services <form>", t({ zh: "启动方式的形式", en: "the form in which it says so" }))
        .choices(FORMS)
        .default("commands"),
    )
    .option(
      "--user <name>",
      t({ zh: "systemd 服务以此用户运行", en: "systemd's services run as this user" }),
      userInfo().username,
    )
    .action(async (mspId: string, { services: form, user }: ConfigureOptions) => {
      const { out, base, topology } = surroundings();
      const described = await topology();
      organisationIn(described, mspId);
      const machine = {
        base: resolve(base),
        topology: described,
        programs: programsIn(REPOSITORY),
        binaries: await binariesFor(form, described.consensus),
      };
      const specs = inOrder(await organisationProcesses(machine, mspId));
      const written = await writeServices(form, specs, { user, base: machine.base, mspId });
      for (const line of written) out.write(`${typeof line === "string" ? line : t(line)}\n`);
      const policy = layout.openingPolicy(machine.base);
      if (existsSync(policy) || specs.every(({ name }) => !name.startsWith("contracts-"))) return;
      const missing = {
        zh: `注意：${policy} 尚未就位，合约进程没有它不能启动；各部门须使用同一份（wanlian policy draft）。`,
        en: `Mind: ${policy} is not there yet, and the contract processes do not start without it; all departments use the same (wanlian policy draft).`,
      };
      out.write(`${t(missing)}\n`);
    });
};

async function binariesFor(form: Form, consensus: Consensus): Promise<FabricBinaries | undefined> {
  if (consensus === "embedded") return undefined;
  return form === "compose" ? IMAGE_BINARIES : await findBinaries(process.env.FABRIC_BIN, consensus);
}

/** Writes what the machine's service manager takes. @returns what to tell the administrator, line by line */
async function writeServices(
  form: Form,
  specs: readonly ProcessSpec[],
  { user, base, mspId }: { readonly user: string; readonly base: string; readonly mspId: string },
): Promise<(string | ProcessSpec["title"])[]> {
  if (form === "commands")
    return specs.flatMap((spec) => [{ zh: `# ${spec.title.zh}`, en: `# ${spec.title.en}` }, commandLine(spec)]);
  const folder = join(base, "services", mspId);
  if (form === "compose") {
    const file = join(folder, "compose.yaml");
    await writeWhole(file, composeFile(specs, { base, repository: REPOSITORY.replace(/\/$/, "") }));
    return [`WANLIAN_USER=$(id -u):$(id -g) docker compose --file ${file} up --detach`];
  }
  const files = specs.map((spec) => join(folder, unitName(spec)));
  for (const [index, spec] of specs.entries()) await writeWhole(files[index] ?? "", systemdUnit(spec, { user, base }));
  return [`sudo systemctl enable --now ${files.join(" ")}`];
}

/** How a shell starts the process. */
function commandLine({ environment = {}, command, args, directory }: ProcessSpec): string {
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const line = [...variables, command, ...args].map(shellWord).join(" ");
  return directory === undefined ? line : `(cd ${shellWord(directory)} && ${line})`;
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
