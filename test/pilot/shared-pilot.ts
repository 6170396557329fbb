import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { OpenPolicy } from "@wanlian/model/model-1/policy/policy-schema.js";
import type { PeerClient } from "@wanlian/network/administration/calls/peer.js";
import type { Network } from "@wanlian/network/administration/network.js";
import type { Department, Topology } from "@wanlian/network/topology/topology.js";
import { logIn, openChannel } from "@wanlian/scripts/host/decision.js";
import type { Desk } from "@wanlian/scripts/host/desk.js";
import type { Post } from "@wanlian/scripts/host/officers.js";
import { Pilot, type PilotWishes } from "@wanlian/scripts/host/pilot.js";
import { openingPolicyFile } from "@wanlian/scripts/host/processes.js";
import { silent } from "@wanlian/scripts/host/progress.js";
import { freePorts } from "./networks.js";

/** Between two looks at a condition that is waited for. */
const POLL_MS = 25;

/** A pilot of real processes that a suite runs against; it stops and its data goes when the suite is done. */
export class RunningPilot {
  readonly #desks = new Map<string, Desk>();

  private constructor(
    readonly pilot: Pilot,
    readonly topology: Topology,
    readonly network: Network,
  ) {}

  /** Sets one up in a folder of its own, on free ports; its channel is not opened yet. */
  static async start(wishes: PilotWishes = {}): Promise<RunningPilot> {
    const folder = await mkdtemp(join(tmpdir(), "wanlian-pilot-"));
    const pilot = new Pilot(join(folder, "data"), silent);
    try {
      const topology = await pilot.up({ ...wishes, firstPort: await freePorts() });
      return new RunningPilot(pilot, topology, await pilot.network());
    } catch (error) {
      await pilot.reset();
      throw error;
    }
  }

  /** Opens the channel: policy 1, clock 1, every founder's member act. */
  async open(): Promise<void> {
    const policy = JSON.parse(await readFile(openingPolicyFile(this.pilot.data), "utf8")) as OpenPolicy;
    await openChannel(this.pilot.data, this.topology, policy, () => undefined);
  }

  department(mspId: string): Department {
    const found = this.topology.departments.find((department) => department.mspId === mspId);
    if (found === undefined) throw new RangeError(`the pilot has no ${mspId}`);
    return found;
  }

  /** An officer, logged in at the own department's node; the log-in is kept while no process is stopped. */
  async desk(mspId: string, post: Post): Promise<Desk> {
    const key = `${mspId}/${post}`;
    const desk = this.#desks.get(key) ?? (await logIn(this.pilot.data, this.department(mspId), post));
    this.#desks.set(key, desk);
    return desk;
  }

  /** Kills a process as a power cut would. */
  kill(name: string): Promise<void> {
    return this.#without(() => this.pilot.processes.kill(name));
  }

  /** Stops a process in good order. */
  stop(name: string): Promise<void> {
    return this.#without(() => this.pilot.processes.stop(name));
  }

  /** Starts a process again that was killed or stopped. */
  restart(name: string): Promise<void> {
    return this.#without(() => this.pilot.restart(name));
  }

  /** Waits until a department's node has folded a block. */
  async folded(mspId: string, block: number): Promise<void> {
    const url = `http://${this.department(mspId).node?.api}/api/v1/status`;
    for (;;) {
      const { height } = (await (await fetch(url)).json()) as { height: number };
      if (height > block) return;
      await delay(POLL_MS);
    }
  }

  /** Waits until every department's node has folded a block. */
  async foldedEverywhere(block: number): Promise<void> {
    await Promise.all(this.mspIds.map((mspId) => this.folded(mspId, block)));
  }

  peer(mspId: string): PeerClient {
    const found = this.network.peers.find((peer) => peer.mspId === mspId);
    if (found === undefined) throw new RangeError(`the pilot has no peer of ${mspId}`);
    return this.network.peer(found);
  }

  get mspIds(): string[] {
    return this.topology.departments.map(({ mspId }) => mspId);
  }

  /** A node that was away has forgotten who was logged in. */
  async #without(work: () => Promise<void>): Promise<void> {
    await work();
    this.#desks.clear();
  }

  async remove(): Promise<void> {
    this.network.close();
    await this.pilot.reset();
    await rm(join(this.pilot.data.path, ".."), { recursive: true, force: true });
  }
}
