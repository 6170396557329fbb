import { existsSync } from "node:fs";
import { type Opening, openingPolicy } from "@wanlian/client/opening";
import type { Instant } from "@wanlian/model/identifiers.js";
import { RELEASED } from "@wanlian/model/models.js";
import { apply } from "@wanlian/network/administration/apply.js";
import { Network } from "@wanlian/network/administration/network.js";
import { awaitDiscovery } from "@wanlian/network/administration/settled.js";
import { stepDone, stepWaits } from "@wanlian/network/cli/set-up.js";
import { NetworkError } from "@wanlian/network/error.js";
import { type FabricBinaries, findBinaries } from "@wanlian/network/fabric/binaries.js";
import { inOrder, type MachineProcesses } from "@wanlian/network/machine/processes.js";
import { expectSpace, writeWhole } from "@wanlian/network/processes/files.js";
import { expectFree } from "@wanlian/network/processes/port.js";
import { Processes, type ProcessSpec, type ProcessState } from "@wanlian/network/processes/process.js";
import type { PilotOptions } from "@wanlian/network/topology/pilot.js";
import { readTopology } from "@wanlian/network/topology/read.js";
import type { Consensus, Topology } from "@wanlian/network/topology/topology.js";
import type { Words } from "@wanlian/protocol/language.js";
import { enrolOfficers, makeCertificates } from "./certificates.js";
import { DataDirectory } from "./data-directory.js";
import { openingPolicyFile, pilotProcesses } from "./processes.js";
import type { Progress } from "./progress.js";
import { awaitNodes } from "./ready.js";

/** A pilot begins with a few MB; a day of the story and its logs stay far below this. Real orderers preallocate 128 MB each. */
const SPACE_NEEDED = 1 << 30;

const OCCUPATION: Words = { zh: "本试点的启动、停止或变更", en: "Starting, stopping or changing this pilot" };

/** What it does while it comes up, as it tells it. */
const STEPS = {
  certificates: { zh: "制作证书", en: "Making certificates" },
  officers: { zh: "封存人员密钥", en: "Sealing the officers' keys" },
  network: { zh: "启动排序节点、对等节点和合约进程", en: "Starting orderers, peers and contract processes" },
  nodes: { zh: "启动各部门节点", en: "Starting the departments' nodes" },
  channel: { zh: "建立通道", en: "Setting up the channel" },
  discovery: { zh: "等待对等节点互相看见", en: "Waiting until every peer sees all others" },
  following: { zh: "等待各部门节点跟上账本", en: "Waiting until every node follows the ledger" },
} as const satisfies Readonly<Record<string, Words>>;

/** What a newcomer gets. */
export const STANDARD: PilotOptions = { departments: 6, consensus: "embedded" };

/** What a pilot can be asked to be when it begins; later it is what it was. */
export interface PilotWishes extends Partial<PilotOptions> {
  /** `demo`: the ledger's clock passes by ticks, as the story needs it. `world`: it follows the world's. */
  readonly clock?: Opening["clock"];
  /** The version of the rules that the channel begins with; without it, the newest. */
  readonly model?: Opening["model"];
  /** A topology file that says what it is, in place of all else. */
  readonly topologyFile?: string;
}

/** When a demo channel's clock begins: Monday 28 September 2026, nine o'clock in China, before the National Day holiday. */
const DEMO_OPENED = "2026-09-28T01:00:00Z";

/** A pilot on this host, whole: certificates, processes, channel, contracts, department nodes. */
export class Pilot {
  readonly data: DataDirectory;
  readonly processes: Processes;

  constructor(
    directory: string,
    private readonly progress: Progress,
    private readonly fabricBin: string | undefined = process.env.FABRIC_BIN,
  ) {
    this.data = DataDirectory.at(directory);
    this.processes = new Processes(this.data.path);
  }

  /** Sets up what is missing and starts what does not run. Run again after an interruption, it goes on. */
  async up(wanted: PilotWishes = {}): Promise<Topology> {
    const unlock = await this.data.lock(OCCUPATION);
    try {
      await expectSpace(this.data.path, SPACE_NEEDED);
      // Before anything is written: a pilot that cannot run here is not begun.
      if (!(await this.data.holdsPilot())) await this.#binaries(await consensusOf(wanted));
      const { clock = "demo", model = RELEASED.latest.version, topologyFile, ...options } = wanted;
      const topology = await this.data.begin(options, STANDARD, topologyFile);
      await this.#writeOpeningPolicy(topology, { clock, model });
      await this.#bringUp(topology);
      return topology;
    } finally {
      unlock();
    }
  }

  /** Changes who takes part: writes the topology anew and brings the network to it. */
  async change(edit: (topologyFile: string) => Promise<Topology>): Promise<Topology> {
    const unlock = await this.data.lock(OCCUPATION);
    try {
      const topology = await edit(this.data.topologyFile);
      await this.#bringUp(topology);
      return topology;
    } finally {
      unlock();
    }
  }

  /** Stops everything that runs; what it holds stays. */
  async down(): Promise<void> {
    if (!(await this.data.holdsPilot())) return;
    const unlock = await this.data.lock(OCCUPATION);
    try {
      await this.progress.step({ zh: "停止", en: "Stopping" }, () => this.#stopAll());
    } finally {
      unlock();
    }
  }

  /** Stops everything and removes the data directory. */
  async reset(): Promise<void> {
    await this.down();
    await this.data.remove();
  }

  /** Every process of the pilot, and whether it runs. */
  async states(): Promise<{ spec: ProcessSpec; state: ProcessState }[]> {
    const all = inOrder(await this.#specs(await this.data.topology()));
    return Promise.all(all.map(async (spec) => ({ spec, state: await this.processes.state(spec.name) })));
  }

  /** Starts one process again, as after it was killed. */
  async restart(name: string): Promise<void> {
    const found = (await this.states()).find(({ spec }) => spec.name === name);
    if (!found)
      throw new NetworkError(
        "PROCESS_FAILED",
        { zh: `本试点没有进程 ${name}。`, en: `This pilot has no process ${name}.` },
        { details: { name } },
      );
    await this.processes.start(found.spec);
  }

  /** The network as an administrator reaches it. Close it after use. */
  async network(): Promise<Network> {
    return Network.open(await this.data.topology(), this.data.path);
  }

  /** Policy 1, which every department's contracts are configured with: written once, since it is what the channel opened with. */
  async #writeOpeningPolicy(
    { departments }: Topology,
    { clock, model }: Pick<Opening, "clock" | "model">,
  ): Promise<void> {
    const file = openingPolicyFile(this.data);
    if (existsSync(file)) return;
    const opened = clock === "demo" ? DEMO_OPENED : `${new Date().toISOString().slice(0, 19)}Z`;
    const policy = openingPolicy({
      departments: departments.map(({ mspId }) => mspId),
      ...{ opened: opened as Instant, clock, model },
    });
    await writeWhole(file, JSON.stringify(policy, null, 2));
  }

  async #specs(topology: Topology): Promise<MachineProcesses> {
    return pilotProcesses(this.data, topology, await this.#binaries(topology.consensus));
  }

  async #binaries(consensus: Consensus): Promise<FabricBinaries | undefined> {
    return consensus === "embedded" ? undefined : findBinaries(this.fabricBin, consensus);
  }

  /** Makes what is missing, starts what does not run, and lets administrators do what the topology asks for. */
  async #bringUp(topology: Topology): Promise<void> {
    const specs = await this.#specs(topology);
    await this.#expectFreePorts(specs);
    await this.progress.step(STEPS.certificates, () => makeCertificates(this.data, topology));
    await Promise.all([
      this.progress.step(STEPS.officers, () => enrolOfficers(this.data, topology)),
      this.progress.step(STEPS.network, () => this.#start([...specs.orderers, ...specs.peers, ...specs.contracts])),
    ]);
    // A node loads for as long as the channel takes to set up; it waits for the channel by itself.
    await Promise.all([this.#setUpChannel(topology), this.progress.step(STEPS.nodes, () => this.#start(specs.nodes))]);
    await this.progress.step(STEPS.following, () => awaitNodes(topology.departments));
    await this.#stopOthers(specs);
  }

  /** Stops processes of departments that have left. */
  async #stopOthers(specs: MachineProcesses): Promise<void> {
    const kept = new Set(inOrder(specs).map(({ name }) => name));
    const others = (await this.processes.names()).filter((name) => !kept.has(name));
    await Promise.all(others.map((name) => this.processes.stop(name)));
  }

  async #expectFreePorts(specs: MachineProcesses): Promise<void> {
    const wanted = [];
    for (const spec of inOrder(specs))
      if ((await this.processes.state(spec.name)).kind !== "running")
        wanted.push(...spec.listens.map((address) => ({ address, owner: spec.title })));
    await expectFree(wanted);
  }

  async #start(specs: readonly ProcessSpec[]): Promise<void> {
    await Promise.all(
      specs.map(async (spec) => {
        await this.processes.start(spec);
        const [address] = spec.listens;
        this.progress.note({
          zh: `${spec.title.zh} 在 ${address} 提供服务`,
          en: `${spec.title.en} serves at ${address}`,
        });
      }),
    );
  }

  async #setUpChannel(topology: Topology): Promise<void> {
    const network = await Network.open(topology, this.data.path);
    try {
      await this.progress.step(STEPS.channel, async () => {
        await apply(network, {
          begins: () => undefined,
          done: (step, place) => this.progress.note(stepDone(step, place)),
          waits: (step, hint) => this.progress.note(stepWaits(step, hint)),
        });
      });
      await this.progress.step(STEPS.discovery, () => awaitDiscovery(network));
    } finally {
      network.close();
    }
  }

  /** Nodes first, then what they depend on. */
  async #stopAll(): Promise<void> {
    const names = await this.processes.names();
    for (const kind of ["node-", "contracts-", "peer-", "orderer-", ""])
      await Promise.all(names.filter((name) => name.startsWith(kind)).map((name) => this.processes.stop(name)));
  }
}

async function consensusOf({ topologyFile, consensus }: PilotWishes): Promise<Consensus> {
  if (topologyFile !== undefined) return (await readTopology(topologyFile)).consensus;
  return consensus ?? STANDARD.consensus;
}
