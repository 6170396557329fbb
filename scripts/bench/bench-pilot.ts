import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OpenPolicy } from "@wanlian/model/model-1/policy/policy-schema.js";
import type { Topology } from "@wanlian/network/topology/topology.js";
import { type OnOpening, openChannel } from "../host/decision.js";
import { Pilot } from "../host/pilot.js";
import { openingPolicyFile } from "../host/processes.js";
import type { Progress } from "../host/progress.js";

/** Runs a piece of work on a pilot in a folder of its own, which is gone afterwards, also when the work fails. */
export async function withPilot<T>(progress: Progress, work: (pilot: Pilot) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "wanlian-bench-"));
  const pilot = new Pilot(join(folder, "data"), progress);
  try {
    return await work(pilot);
  } finally {
    await pilot.reset();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Opens the pilot's channel; `onAct` hears of each act when it is committed. */
export async function open(pilot: Pilot, topology: Topology, onAct: OnOpening): Promise<void> {
  const policy = JSON.parse(await readFile(openingPolicyFile(pilot.data), "utf8")) as OpenPolicy;
  await openChannel(pilot.data, topology, policy, onAct);
}
