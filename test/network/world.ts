import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Organisation } from "@wanlian/network/certificates/organisation.js";
import { type PilotOptions, pilotTopology } from "@wanlian/network/topology/pilot.js";
import { parseTopology } from "@wanlian/network/topology/read.js";
import type { Topology } from "@wanlian/network/topology/topology.js";

/** A topology with every certificate its channel needs, in a folder that `remove` takes away. */
export interface World {
  readonly directory: string;
  readonly topology: Topology;
  readonly organisations: ReadonlyMap<string, Organisation>;
  remove(): Promise<void>;
}

/** @param chosen of the pilot's departments; all that the options ask for by default */
export async function makeWorld(options: PilotOptions, chosen?: readonly string[]): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), "wanlian-world-"));
  const pilot = await parseTopology(pilotTopology(options), "pilot.yaml");
  const departments = pilot.departments.filter(({ mspId }) => chosen?.includes(mspId) ?? true);
  const topology = { ...pilot, departments };
  const organisations = new Map<string, Organisation>();
  for (const { mspId, name } of [...topology.departments, ...topology.orderers.organisations]) {
    const organisation = await Organisation.create(join(directory, "organizations", mspId), mspId, name.en);
    organisations.set(mspId, organisation);
    await organisation.addAdministrator("admin");
    for (const orderer of topology.orderers.nodes)
      if (orderer.organisation === mspId) await organisation.addOrderer(orderer.name, ["127.0.0.1"]);
  }
  return { directory, topology, organisations, remove: () => rm(directory, { recursive: true, force: true }) };
}
