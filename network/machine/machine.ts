import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { OWNER_ONLY } from "../certificates/credential-files.js";
import { organisationFolder } from "../channel/material.js";
import type { FabricBinaries } from "../fabric/binaries.js";
import { isNoSuchFile, writeWhole } from "../processes/files.js";
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

/**
 * Writes a process's configuration. What an administrator has added to the one that is there (a certificate for the API, sources,
 * where the log goes) stays. @returns the file
 */
export async function writeKeepingAdditions(folder: string, name: string, content: object): Promise<string> {
  const file = join(folder, name);
  const present = await readFile(file, "utf8").catch((error: unknown) => {
    if (isNoSuchFile(error)) return "{}";
    throw error;
  });
  return writeConfiguration(folder, name, withAdditions(JSON.parse(present), content));
}

function withAdditions(present: unknown, own: object): object {
  if (typeof present !== "object" || present === null || Array.isArray(present)) return own;
  const inner = Object.entries(own).map(([member, value]: [string, unknown]) => {
    const before: unknown = Reflect.get(present, member);
    const isGroup = typeof value === "object" && value !== null && !Array.isArray(value) && !WHOLE.has(member);
    return [member, isGroup ? withAdditions(before, value) : value];
  });
  return { ...present, ...Object.fromEntries(inner) };
}

/** Written as the topology has it: who is no longer in it is not dialled. */
const WHOLE = new Set(["addresses"]);

/** Writes a process's configuration, which may hold a database's password. @returns the file */
export async function writeConfiguration(folder: string, name: string, content: object): Promise<string> {
  const file = join(folder, name);
  await writeWhole(file, `${JSON.stringify(content, null, 2)}\n`, OWNER_ONLY);
  return file;
}
