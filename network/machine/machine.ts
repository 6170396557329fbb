import { join } from "node:path";
import { organisationFolder } from "../channel/material.js";
import type { FabricBinaries } from "../fabric/binaries.js";
import { writeWhole } from "../processes/files.js";
import type { Department, Topology } from "../topology/topology.js";
import type { Programs } from "./programs.js";

/** A folder with a topology, and what runs out of it. */
export interface Machine {
  /** The folder of the topology file. Absolute. */
  readonly base: string;
  readonly topology: Topology;
  readonly programs: Programs;
  /** Fabric's; without them orderers and peers are the embedded ones. */
  readonly binaries: FabricBinaries | undefined;
  /** Departments whose nodes data is exchanged with though they are not in the topology yet. */
  readonly newcomers?: readonly Department[];
}

/** Where an organisation's certificates lie on this machine. */
export function certificatesOf({ base, topology }: Machine, mspId: string): string {
  const organisations = [...topology.departments, ...topology.orderers.organisations];
  return organisationFolder(base, organisations.find((one) => one.mspId === mspId) ?? { mspId });
}

/** Writes a process's configuration. @returns the file */
export async function writeConfiguration(folder: string, name: string, content: object): Promise<string> {
  const file = join(folder, name);
  await writeWhole(file, `${JSON.stringify(content, null, 2)}\n`);
  return file;
}
