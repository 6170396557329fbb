import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Processes, type ProcessSpec } from "@wanlian/network/processes/process.js";
import { readTopology } from "@wanlian/network/topology/read.js";
import type { Topology } from "@wanlian/network/topology/topology.js";
import { expect } from "chai";
import { shellBlocks } from "../client/cli/guide-reader.js";
import { freePorts } from "./networks.js";

const ROOT = new URL("../../../", import.meta.url);
const fromRoot = (path: string) => fileURLToPath(new URL(path, ROOT));
const TIMEOUT_MS = 180_000;
const ORDERING = "OrdererMSP";
/** As often as the guide has everybody apply, at most. */
const ROUNDS = 4;

describe("administrators.md, on a machine for each department and the ordering service", function () {
  this.timeout(TIMEOUT_MS);
  let directory: string;
  let machines: readonly Machine[];
  let blocks: ReturnType<typeof shellBlocks>;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "wanlian-machines-"));
    blocks = shellBlocks(await readFile(fromRoot("docs/administrators.md"), "utf8"));
  });
  after(async () => {
    for (const machine of machines ?? []) await machine.stop();
    await rm(directory, { recursive: true, force: true });
  });

  /** Commands under that label, the nth block of it. */
  function commands(label: string, nth = 0): string[] {
    const found = blocks.filter((block) => block.label === label)[nth];
    return found?.text.trim().split("\n") ?? expect.fail(`the guide has no ${label} ${nth}`);
  }

  it("leads from bare machines to a running consortium, each with no key but its own", async () => {
    const [example = "", draft = ""] = commands("agreed");
    const table = new Machine(join(directory, "table"), "");
    await mkdir(join(table.folder, "genesis"), { recursive: true });
    await table.run(example.replace(" > ", ` --ports ${await freePorts()} > `));
    await table.run(draft);
    const topology = await readTopology(join(table.folder, "topology.yaml"));
    machines = [ORDERING, ...topology.departments.map(({ mspId }) => mspId)].map(
      (mspId) => new Machine(join(directory, mspId), mspId, topology),
    );
    for (const machine of machines) await cp(table.folder, machine.folder, { recursive: true });

    const [certificates, configure, apply] = [0, 1, 2].map((nth) => commands("each", nth));
    await Promise.all(machines.map((machine) => machine.runAll(certificates)));
    for (const from of machines) for (const to of machines) if (from !== to) await handOver(from, to);
    await Promise.all(machines.map((machine) => machine.runAll(configure)));
    for (const machine of machines) await machine.start();

    const [ordering, ...departments] = machines;
    const early = await departments[0]?.fails(apply?.[0]);
    expect(early).to.include(`let ${ORDERING} apply first`);
    // A majority is enough for the contracts: the third department has not begun yet.
    await ordering?.runAll(apply);
    const alone = await departments[0]?.run(apply?.[0] ?? "");
    expect(alone).to.include("2 of 3 departments have to approve, 1 have (BureauMSP); not yet CivilMSP, PoliceMSP");
    await departments[1]?.runAll(apply);
    expect(await departments[0]?.run(apply?.[0] ?? "")).to.match(/✓ the contracts, version 1.0, take effect/);
    for (let round = 1; ; round++) {
      const said = await ordering?.runAll(apply);
      const rest = await Promise.all(departments.map((machine) => machine.runAll(apply)));
      if ([said, ...rest].flat().every((text) => text?.includes("0 steps done, 0 waiting"))) break;
      expect(round, rest.join("\n")).to.be.lessThan(ROUNDS);
    }

    await Promise.all(departments.map((machine) => machine.runAll(commands("officer"))));
    await departments[0]?.runAll(commands("bureau"));
    const joined = await Promise.all(departments.map((machine) => machine.runAll(commands("founder"))));
    for (const said of joined) expect(said.at(-1), "its status").to.match(/ready/i);
    for (const text of await Promise.all(machines.map((machine) => machine.run(STATUS))))
      expect(text).to.match(/Nothing is wrong/i);
  });
});

const STATUS = "./scripts/wanlian network status";

/** What others may have of an organisation. */
async function handOver(from: Machine, to: Machine): Promise<void> {
  const folder = join("organizations", from.mspId, "msp");
  await cp(join(from.folder, folder), join(to.folder, folder), { recursive: true });
}

/** One organisation's folder, and what it runs. */
class Machine {
  readonly #processes: Processes;

  constructor(
    readonly folder: string,
    readonly mspId: string,
    private readonly topology?: Topology,
  ) {
    this.#processes = new Processes(folder);
  }

  async runAll(lines: readonly string[] = []): Promise<string[]> {
    const said: string[] = [];
    for (const line of lines) said.push(await this.run(line));
    return said;
  }

  /** Runs a line of the guide as a shell would; gives what it prints. */
  async run(line: string): Promise<string> {
    const { code, out, err } = await this.#run(line);
    expect(code, `${this.mspId}: ${line}\n${out}${err}`).to.equal(0);
    return out;
  }

  /** Runs a line that has to fail; gives what it complains of. */
  async fails(line = ""): Promise<string> {
    const { code, err } = await this.#run(line);
    expect(code, `${this.mspId}: ${line}`).to.equal(1);
    return err;
  }

  async #run(line: string): Promise<{ code: number; out: string; err: string }> {
    const department = this.topology?.departments.find(({ mspId }) => mspId === this.mspId);
    const filled = line.replaceAll("$MSPID", this.mspId).replaceAll("$NAME", department?.name.zh ?? "");
    const [command = "", target] = filled.split(" > ");
    const [script, first = "", ...rest] = command.split(" ");
    expect(script).to.equal("./scripts/wanlian");
    const program =
      first === "network"
        ? ["--disable-warning=DEP0123", fromRoot("network/dist/cli/main.js"), ...rest]
        : [fromRoot("client/bin/wanlian.js"), first, ...rest];
    const env = {
      ...process.env,
      LC_ALL: "en_US.UTF-8",
      WANLIAN_PASSPHRASE: "a passphrase of one's own",
      WANLIAN_SESSION: join(this.folder, "session.json"),
      WANLIAN_NODE: `http://${department?.node?.api}`,
    };
    const said = await new Promise<{ code: number; out: string; err: string }>((resolve) => {
      const options = { cwd: this.folder, env, timeout: TIMEOUT_MS };
      const child = execFile(process.execPath, program, options, (_error, out, err) =>
        resolve({ code: child.exitCode ?? -1, out, err }),
      );
    });
    if (target !== undefined && said.code === 0) await writeFile(join(this.folder, target), said.out);
    return said;
  }

  /** Starts every unit as systemd would, those first that others need. */
  async start(): Promise<void> {
    const services = join(this.folder, "services", this.mspId);
    const specs = await Promise.all((await readdir(services)).map((file) => specOf(join(services, file))));
    const rank = ({ name }: ProcessSpec) => ["orderer", "peer", "contracts", "node"].indexOf(name.split("-")[1] ?? "");
    for (const spec of specs.sort((a, b) => rank(a) - rank(b))) await this.#processes.start(spec);
  }

  async stop(): Promise<void> {
    for (const name of await this.#processes.names()) await this.#processes.stop(name);
  }
}

/** What a unit says, read back. */
async function specOf(file: string): Promise<ProcessSpec> {
  const lines = (await readFile(file, "utf8")).split("\n");
  const values = (name: string) =>
    lines.filter((line) => line.startsWith(`${name}=`)).map((line) => line.slice(name.length + 1));
  const [command = "", ...args] = (values("ExecStart")[0] ?? "").split(" ");
  const name = file.slice(dirname(file).length + 1, -".service".length);
  return {
    name,
    title: { zh: name, en: name },
    command,
    args,
    environment: Object.fromEntries(values("Environment").map((line) => line.split("=") as [string, string])),
    directory: values("WorkingDirectory")[0] ?? "",
    listens: [],
    ready: "line",
  };
}
