import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OpenPolicy } from "@wanlian/model/nouns/policy/policy-schema.js";
import { NetworkError } from "@wanlian/network/error.js";
import { expectFree } from "@wanlian/network/processes/port.js";
import type { Consensus, Topology } from "@wanlian/network/topology/topology.js";
import { logIn, openChannel } from "@wanlian/scripts/host/decision.js";
import type { Desk } from "@wanlian/scripts/host/desk.js";
import { Pilot } from "@wanlian/scripts/host/pilot.js";
import { openingPolicyFile } from "@wanlian/scripts/host/processes.js";
import { silent } from "@wanlian/scripts/host/progress.js";

/** The networks that integration tests run on: the embedded one always, real Fabric where FABRIC_BIN is set. */
export const NETWORKS: readonly Consensus[] = ["embedded", "raft", "bft"];

/** Whether the tests of a network can run here; otherwise they count as skipped. */
export function isAvailable(consensus: Consensus): boolean {
  return consensus === "embedded" || process.env.FABRIC_BIN !== undefined;
}

/** A pilot on this host in a folder of its own, with free ports. */
export interface RunningPilot {
  readonly pilot: Pilot;
  topology(): Promise<Topology>;
  /** An officer of a department at its node. */
  desk(mspId: string, post: "steward" | "user" | "administrator"): Promise<Desk>;
  /** Stops everything and removes the folder. */
  end(): Promise<void>;
}

/** Departments of a pilot take up to 250 ports. */
const PORTS = 250;
const LOWEST_PORT = 20_000;
const RANGES = 40;

/** Starts a pilot whose channel is open: policy, clock and every founder's member act are there. */
export async function runningPilot(departments: number, consensus: Consensus): Promise<RunningPilot> {
  const directory = await mkdtemp(join(tmpdir(), "wanlian-pilot-"));
  const pilot = new Pilot(directory, silent);
  const end = () => pilot.reset();
  try {
    const topology = await pilot.up({ departments, consensus, firstPort: await freeRange() });
    await open(pilot, topology);
  } catch (error) {
    await end();
    throw error;
  }
  return {
    pilot,
    topology: () => pilot.data.topology(),
    async desk(mspId, post) {
      const { departments: present } = await pilot.data.topology();
      const department = present.find((one) => one.mspId === mspId);
      if (!department) throw new RangeError(`${mspId} takes no part`);
      return logIn(pilot.data, department, post);
    },
    end,
  };
}

async function open(pilot: Pilot, topology: Topology): Promise<void> {
  const policy = JSON.parse(await readFile(openingPolicyFile(pilot.data), "utf8")) as OpenPolicy;
  await openChannel(pilot.data, topology, policy, () => undefined);
}

/** The first port of a range in which nothing listens; tests that run beside each other begin at different ones. */
export async function freeRange(): Promise<number> {
  const start = process.pid % RANGES;
  for (let attempt = 0; attempt < RANGES; attempt++) {
    const first = LOWEST_PORT + PORTS * ((start + attempt) % RANGES);
    const wanted = Array.from({ length: PORTS }, (_, at) => ({ address: `127.0.0.1:${first + at}`, owner: "test" }));
    try {
      await expectFree(wanted);
      return first;
    } catch (error) {
      if (!(error instanceof NetworkError) || error.code !== "PORT_IN_USE") throw error;
    }
  }
  throw new Error("no free range of ports is left on this host");
}
