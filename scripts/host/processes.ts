import { fileURLToPath } from "node:url";
import type { FabricBinaries } from "@wanlian/network/fabric/binaries.js";
import { layout } from "@wanlian/network/machine/layout.js";
import type { Machine } from "@wanlian/network/machine/machine.js";
import { type MachineProcesses, organisationProcesses } from "@wanlian/network/machine/processes.js";
import { programsIn } from "@wanlian/network/machine/programs.js";
import { PILOT_DEPARTMENTS } from "@wanlian/network/topology/pilot.js";
import type { Topology } from "@wanlian/network/topology/topology.js";
import type { DataDirectory } from "./data-directory.js";
import { departmentOf } from "./departments.js";

const REPOSITORY = fileURLToPath(new URL("../../../", import.meta.url));

/** Writes the configuration of every process of a pilot, and says what it runs, in the order in which it is needed. */
export async function pilotProcesses(
  data: DataDirectory,
  topology: Topology,
  binaries: FabricBinaries | undefined,
): Promise<MachineProcesses> {
  const machine: Machine = {
    base: data.path,
    topology,
    programs: programsIn(REPOSITORY),
    binaries,
    // Those that may still join: a node is not configured anew when one does.
    newcomers: PILOT_DEPARTMENTS.map(({ mspId }) => departmentOf(mspId, topology)),
  };
  const organisations = new Set(
    [...topology.orderers.organisations, ...topology.departments].map(({ mspId }) => mspId),
  );
  const all = await Promise.all([...organisations].map((mspId) => organisationProcesses(machine, mspId)));
  return {
    orderers: all.flatMap(({ orderers }) => orderers),
    peers: all.flatMap(({ peers }) => peers),
    contracts: all.flatMap(({ contracts }) => contracts),
    nodes: all.flatMap(({ nodes }) => nodes),
  };
}

/** The body of policy 1 that all endorsers are configured with. */
export function openingPolicyFile(data: DataDirectory): string {
  return layout.openingPolicy(data.path);
}
