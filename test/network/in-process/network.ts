import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Applied, apply } from "@wanlian/network/administration/apply.js";
import { Network } from "@wanlian/network/administration/network.js";
import { describeStep, planFor } from "@wanlian/network/administration/plan.js";
import { observe } from "@wanlian/network/administration/state.js";
import { OrdererProcess } from "@wanlian/network/embedded/orderer/process.js";
import { PeerProcess } from "@wanlian/network/embedded/peer/process.js";
import type { Topology } from "@wanlian/network/topology/topology.js";
import { pino } from "pino";
import { ordererSettings } from "../ordering.js";
import { freeFirstPort } from "../peer/ports.js";
import { makeWorld, type World } from "../world.js";

const log = pino({ level: process.env.WANLIAN_TEST_LOG ?? "silent" });

/** What an `apply` came to, with what it told on the way: steps done, and those that wait with the reason. */
export interface ToldApply extends Applied {
  readonly steps: readonly string[];
  readonly waits: readonly string[];
}

/** The embedded orderer and a peer a department, all in this process, and their administrators: nothing is set up yet. */
export class InProcessNetwork {
  #orderer: OrdererProcess | undefined;
  readonly #peers = new Map<string, PeerProcess>();
  readonly #opened: Network[] = [];
  readonly #folders: string[] = [];

  private constructor(readonly world: World) {}

  static async start(departments: number): Promise<InProcessNetwork> {
    const firstPort = await freeFirstPort(departments);
    const world = await makeWorld({ departments, firstPort, consensus: "embedded" });
    for (const { mspId } of world.topology.departments)
      await world.organisations.get(mspId)?.addPeer("peer0", ["localhost", "127.0.0.1"]);
    const network = new InProcessNetwork(world);
    await network.startOrderer();
    for (const { mspId } of world.topology.departments) await network.startPeer(mspId);
    return network;
  }

  get topology(): Topology {
    return this.world.topology;
  }

  async startOrderer(dataDir?: string): Promise<void> {
    const [place] = this.topology.orderers.nodes;
    if (place === undefined) throw new Error("the world has no orderer");
    const settings = ordererSettings(this.world, dataDir);
    const ports = { listen: place.address, adminListen: place.administration };
    this.#orderer = await OrdererProcess.start({ ...settings, ...ports }, log);
  }

  async stopOrderer(): Promise<void> {
    await this.#orderer?.close();
    this.#orderer = undefined;
  }

  async startPeer(mspId: string, dataDir = join(this.world.directory, "peers", mspId)): Promise<void> {
    const folder = join(this.world.directory, "organizations", mspId, "peers", "peer0");
    const tls = { cert: join(folder, "tls", "cert.pem"), key: join(folder, "tls", "key.pem") };
    const place = this.topology.departments.find((one) => one.mspId === mspId)?.peers[0];
    if (place === undefined) throw new Error(`the world has no ${mspId}`);
    const paths = { mspDir: join(folder, "msp"), tls, dataDir };
    const settings = { mspId, ...paths, listen: place.address, executeTimeoutMs: 3_000 };
    this.#peers.set(mspId, await PeerProcess.start(settings, log));
  }

  async stopPeer(mspId: string): Promise<void> {
    await this.#peers.get(mspId)?.close();
    this.#peers.delete(mspId);
  }

  /**
   * The network as whoever has some organisations' keys sees it, by a topology of their own.
   * @param keys MSP ids; all by default
   */
  async seenBy(keys?: readonly string[], topology: Topology = this.topology): Promise<Network> {
    const base = keys === undefined ? this.world.directory : await this.#machineOf(keys);
    const network = await Network.open(topology, base);
    this.#opened.push(network);
    return network;
  }

  async stop(): Promise<void> {
    for (const network of this.#opened) network.close();
    for (const peer of this.#peers.values()) await peer.close();
    await this.#orderer?.close();
    for (const folder of this.#folders) await rm(folder, { recursive: true, force: true });
    await this.world.remove();
  }

  /** Everybody's certificates, and the administrators' keys of these alone. */
  async #machineOf(keys: readonly string[]): Promise<string> {
    const base = await mkdtemp(join(tmpdir(), "wanlian-machine-"));
    this.#folders.push(base);
    for (const mspId of this.world.organisations.keys()) {
      const [from, to] = [this.world.directory, base].map((one) => join(one, "organizations", mspId));
      const isOthers = (path: string) => keys.includes(mspId) || !path.includes("administrators");
      await cp(from as string, to as string, { recursive: true, filter: isOthers });
    }
    return base;
  }
}

/** What is still to be done, in words. */
export async function plannedOn(network: Network): Promise<string[]> {
  return planFor(network.topology, await observe(network)).steps.map(({ kind, by }) => `${kind} ${by}`);
}

export async function applied(network: Network): Promise<ToldApply> {
  const [steps, waits]: [string[], string[]] = [[], []];
  const result = await apply(network, {
    begins: () => undefined,
    done: ({ kind, by }) => steps.push(`${kind} ${by}`),
    waits: (step, hint) => waits.push(`${describeStep(step).en}: ${hint.en}`),
  });
  return { ...result, steps, waits };
}
