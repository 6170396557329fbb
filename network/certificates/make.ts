import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { makeFolder } from "../processes/files.js";
import { type Department, hostAndPort, type Topology } from "../topology/topology.js";
import { Organisation } from "./organisation.js";

/** The administrator in whose name commands act. */
const ADMINISTRATOR = "admin";

/** The department node's certificate is in clients/node. */
export const NODE_CLIENT = "node";

/**
 * Makes a department's certificates in `folder`: authorities, peers, administrator, department node. The folder is there whole or
 * not at all; one that is there is left alone.
 */
export async function makeDepartment(folder: string, department: Department): Promise<void> {
  const { mspId, name, peers, node } = department;
  await whole(folder, async (draft) => {
    const organisation = await Organisation.create(draft, mspId, name.zh);
    for (const peer of peers) await organisation.addPeer(peer.name, hostsOf(peer.address));
    await organisation.addAdministrator(ADMINISTRATOR);
    await organisation.addClient(NODE_CLIENT, ["node"], hostsOf(node?.exchange ?? node?.api));
  });
}

/** Likewise for an organisation that runs orderers. */
export async function makeOrdererOrganisation(folder: string, { orderers }: Topology, mspId: string): Promise<void> {
  const name = orderers.organisations.find((organisation) => organisation.mspId === mspId)?.name.zh ?? mspId;
  await whole(folder, async (draft) => {
    const organisation = await Organisation.create(draft, mspId, name);
    for (const node of orderers.nodes)
      if (node.organisation === mspId) await organisation.addOrderer(node.name, hostsOf(node.address));
    await organisation.addAdministrator(ADMINISTRATOR);
  });
}

async function whole(folder: string, fill: (draft: string) => Promise<void>): Promise<void> {
  if (!existsSync(folder)) await makeFolder(folder, fill);
}

/** The names under which a process on this host is reached, and under which others reach it. */
function hostsOf(address: string | undefined): string[] {
  const own = ["localhost", "127.0.0.1", hostname()];
  return [...new Set(address === undefined ? own : [...own, hostAndPort(address).host])];
}
