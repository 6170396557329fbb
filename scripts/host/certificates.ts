import { existsSync } from "node:fs";
import { join } from "node:path";
import { makeDepartment, makeOrdererOrganisation } from "@wanlian/network/certificates/make.js";
import { Organisation } from "@wanlian/network/certificates/organisation.js";
import { makeFolder } from "@wanlian/network/processes/files.js";
import type { Topology } from "@wanlian/network/topology/topology.js";
import type { DataDirectory } from "./data-directory.js";
import { enrolOfficer, officersOf } from "./officers.js";

/** In a department node's folder: its officers' sealed keys, and what opens them. */
const OFFICERS = "officers";

/**
 * Makes what is missing of the pilot's certificates: for each organisation a CA of its own, its nodes' and its administrator's. An
 * organisation is there whole or not at all, so that an interrupted start goes on where it stopped.
 */
export async function makeCertificates(data: DataDirectory, topology: Topology): Promise<void> {
  await Promise.all([
    ...topology.departments.map((department) => makeDepartment(organisationFolder(data, department.mspId), department)),
    ...topology.orderers.organisations.map(({ mspId }) =>
      makeOrdererOrganisation(organisationFolder(data, mspId), topology, mspId),
    ),
  ]);
}

/** Where an organisation's certificates lie. */
export function organisationFolder(data: DataDirectory, mspId: string): string {
  return data.file("organizations", mspId);
}

/** Where the officers' sealed keys and, this being a pilot, their passphrases lie. */
export function officersFolder(data: DataDirectory, mspId: string): string {
  return join(nodeFolder(data, mspId), OFFICERS);
}

/** Where a department node keeps what is its own. */
export function nodeFolder(data: DataDirectory, mspId: string): string {
  return data.file("nodes", mspId);
}

/** Likewise the officers' keys, sealed, and certificates. Sealing takes long on purpose; nothing but the nodes waits for it. */
export async function enrolOfficers(data: DataDirectory, { departments }: Topology): Promise<void> {
  await Promise.all(
    departments.map(async (department) => {
      const { mspId } = department;
      const folder = officersFolder(data, mspId);
      if (existsSync(folder)) return;
      const organisation = await Organisation.open(organisationFolder(data, mspId), mspId);
      await makeFolder(folder, async (draft) => {
        await Promise.all(officersOf(department).map((officer) => enrolOfficer(organisation, officer, draft)));
      });
    }),
  );
}
