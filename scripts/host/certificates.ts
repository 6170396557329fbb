import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { Organisation } from "@wanlian/network/certificates/organisation.js";
import { makeFolder } from "@wanlian/network/processes/files.js";
import { type Department, hostAndPort, type Topology } from "@wanlian/network/topology/topology.js";
import type { DataDirectory } from "./data-directory.js";
import { enrolOfficer, officersOf } from "./officers.js";

/** The department node's certificate is in clients/node. */
export const NODE_CLIENT = "node";

/**
 * Makes what is missing of the pilot's certificates: for each organisation a CA of its own, its nodes', its administrator's and
 * its officers'. An organisation is there whole or not at all, so that an interrupted start goes on where it stopped.
 */
export async function makeCertificates(data: DataDirectory, topology: Topology): Promise<void> {
  await Promise.all([
    ...topology.departments.map((department) => makeDepartment(data, department)),
    ...topology.orderers.organisations.map(({ mspId }) => makeOrdererOrganisation(data, topology, mspId)),
  ]);
}

/** Where an organisation's certificates lie. */
export function organisationFolder(data: DataDirectory, mspId: string): string {
  return data.file("organizations", mspId);
}

/** In a department node's folder: its officers' sealed keys, and what opens them. */
const OFFICERS = "officers";

/** Where the officers' sealed keys and, this being a pilot, their passphrases lie. */
export function officersFolder(data: DataDirectory, mspId: string): string {
  return join(nodeFolder(data, mspId), OFFICERS);
}

/** Where a department node keeps what is its own. */
export function nodeFolder(data: DataDirectory, mspId: string): string {
  return data.file("nodes", mspId);
}

async function makeDepartment(data: DataDirectory, department: Department): Promise<void> {
  const { mspId, name, peers, node } = department;
  await whole(organisationFolder(data, mspId), async (draft) => {
    const organisation = await Organisation.create(draft, mspId, name.zh);
    for (const peer of peers) await organisation.addPeer(peer.name, hostsOf(peer.address));
    await organisation.addAdministrator("admin");
    await organisation.addClient(NODE_CLIENT, ["node"], hostsOf(node?.exchange ?? node?.api ?? ""));
  });
  await whole(officersFolder(data, mspId), async (draft) => {
    const organisation = await Organisation.open(organisationFolder(data, mspId), mspId);
    await Promise.all(officersOf(department).map((officer) => enrolOfficer(organisation, officer, draft)));
  });
}

async function makeOrdererOrganisation(data: DataDirectory, { orderers }: Topology, mspId: string): Promise<void> {
  await whole(organisationFolder(data, mspId), async (draft) => {
    const name = orderers.organisations.find((organisation) => organisation.mspId === mspId)?.name.zh ?? mspId;
    const organisation = await Organisation.create(draft, mspId, name);
    for (const node of orderers.nodes)
      if (node.organisation === mspId) await organisation.addOrderer(node.name, hostsOf(node.address));
    await organisation.addAdministrator("admin");
  });
}

async function whole(folder: string, fill: (draft: string) => Promise<void>): Promise<void> {
  if (!existsSync(folder)) await makeFolder(folder, fill);
}

/** The names under which a process on this host is reached. */
function hostsOf(address: string): string[] {
  const { host } = hostAndPort(address);
  return [...new Set(["localhost", "127.0.0.1", hostname(), ...(host ? [host] : [])])];
}
