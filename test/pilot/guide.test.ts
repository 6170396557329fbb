import { spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { certificateRequest } from "@wanlian/client/keys/officers/request.js";
import { expect } from "chai";
import { freePorts } from "./networks.js";

const ROOT = new URL("../../../", import.meta.url);
const fromRoot = (path: string) => fileURLToPath(new URL(path, ROOT));
const TIMEOUT_MS = 300_000;

/** The programs that the guide's commands start, without the installing and building before them. */
const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  "./scripts/pilot": [fromRoot("scripts/dist/pilot.js")],
  "./scripts/wanlian network": [fromRoot("network/dist/cli/main.js")],
};

describe("administrators.md", function () {
  this.timeout(TIMEOUT_MS);
  let directory: string;
  let environment: Record<string, string>;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "wanlian-guide-"));
    environment = { WANLIAN_TOPOLOGY: "data/topology.yaml", LC_ALL: "en_US.UTF-8" };
  });

  after(async () => {
    run("./scripts/pilot reset");
    await rm(directory, { recursive: true, force: true });
  });

  it("is true, command by command, on a pilot", async () => {
    const ports = await freePorts();
    const commands = statements(await blocks("administrators.md", ""));
    expect(commands.length).to.be.greaterThan(10);
    for (const command of commands) {
      if (command === "./scripts/pilot reset") await signing();
      if (command.startsWith("export ")) continue; // the environment is set above
      if (command.startsWith("cat >> ")) await append(command);
      else run(command.includes("up --departments") ? `${command} --ports ${ports}` : command);
    }
  });

  it("gives the same commands in Chinese", async () => {
    for (const label of [
      "",
      "signing",
      "officers",
      "agreed",
      "each",
      "officer",
      "bureau",
      "founder",
      "backup",
      "lost",
      "blocks",
      "rebuild",
    ])
      expect(statements(await blocks("administrators.zh-CN.md", label))).to.deep.equal(
        statements(await blocks("administrators.md", label)),
      );
  });

  /** What the guide says of several departments: a machine with the bureau's keys alone makes the update, others sign. */
  async function signing(): Promise<void> {
    const bureau = join(directory, "bureau");
    await cp(join(directory, "data"), bureau, { recursive: true });
    for (const mspId of ["CivilMSP", "HealthMSP"])
      await rm(join(bureau, "organizations", mspId, "administrators"), { recursive: true });
    await appendFile(join(bureau, "topology.yaml"), "endorsements: 1\n");
    const said = run("./scripts/wanlian network --topology bureau/topology.yaml apply");
    expect(said).to.match(/Signatures are missing: 1 of CivilMSP, HealthMSP/);
    await cp(join(bureau, "updates"), join(directory, "updates"), { recursive: true });
    const [inspect, sign, submit, ...rest] = statements(await blocks("administrators.md", "signing"));
    expect(rest).to.deep.equal([]);
    expect(run(inspect ?? "")).to.match(
      /An act needs the peers of 1 of 3 .* instead of 2 of 3[\s\S]*Still needed: 1 of/,
    );
    expect(run(sign ?? "")).to.match(/Signed by: BureauMSP, CivilMSP\nThat is enough/);
    expect(run(submit ?? "")).to.match(/The update stands in block \d+/);
    await officers();
  }

  async function officers(): Promise<void> {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    await writeFile(join(directory, "0204.csr"), certificateRequest("0204", privateKey));
    for (const command of statements(await blocks("administrators.md", "officers"))) run(command);
    expect(await readFile(join(directory, "0204.pem"), "utf8")).to.match(/^-----BEGIN CERTIFICATE-----/);
  }

  /** Runs one line of the guide in the folder, as a shell would; gives what it prints. */
  function run(line: string): string {
    const [command = "", target] = line.split(" > ");
    const [name, program] = Object.entries(PROGRAMS).find(([words]) => command.startsWith(words)) ?? [];
    if (!name || !program) throw new Error(`the guide's command is not known: ${line}`);
    const args = command
      .slice(name.length)
      .split(" ")
      .filter((word) => word !== "");
    const { status, stdout, stderr } = spawnSync(process.execPath, [...program, ...args], {
      cwd: directory,
      env: { ...process.env, ...environment },
      encoding: "utf8",
      timeout: TIMEOUT_MS,
    });
    expect(status, `${line}\n${stdout}${stderr}`).to.equal(0);
    if (target) spawnSync("tee", [target], { cwd: directory, input: stdout });
    return stdout;
  }

  async function append(command: string): Promise<void> {
    const [, file = "", content = ""] = /^cat >> (\S+) <<'EOF'\n([\s\S]*)EOF$/.exec(command) ?? [];
    await appendFile(join(directory, file), content);
  }
});

/** The guide's shell blocks with this label. */
async function blocks(guide: string, label: string): Promise<string[]> {
  const text = await readFile(fromRoot(`docs/${guide}`), "utf8");
  const info = label === "" ? "sh" : `sh ${label}`;
  return [...text.matchAll(new RegExp(`^\`\`\`${info}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(([, block = ""]) => block);
}

/** Commands, each with its here-document. */
function statements(shell: readonly string[]): string[] {
  return shell.flatMap((block) => [...block.matchAll(/^(?:.*<<'EOF'\n[\s\S]*?\nEOF|.+)$/gm)].map(([line]) => line));
}
