import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { makeFolder } from "../processes/files.js";
import { type Department, hostAndPort, type Topology } from "../topology/topology.js";
import { Organisation } from "./organisation.js";

/** The administrator in whose name commands act. */
const ADMINISTRATOR = "admin";

/** The department node's certificate is in clients/node. */
export const NODE_CLIENT = "node";

/**
 * Makes what is missing of a department's certificates in `folder`: authorities, peers, administrator, department node. What is there
 * stays. Where the department has a PKI of its own, which is then not here, everything is that PKI's to make.
 */
export async function makeDepartment(folder: string, department: Department): Promise<void> {
  const { mspId, name, peers, node } = department;
  await complete(folder, mspId, name.zh, [
    ...peers.map((peer) => member("peers", peer.name, (one) => one.addPeer(peer.name, hostsOf(peer.address)))),
    member("administrators", ADMINISTRATOR, (one) => one.addAdministrator(ADMINISTRATOR)),
    member("clients", NODE_CLIENT, (one) => one.addClient(NODE_CLIENT, ["node"], hostsOf(node?.exchange ?? node?.api))),
  ]);
}

/** Likewise for an organisation that runs orderers. */
export async function makeOrdererOrganisation(folder: string, { orderers }: Topology, mspId: string): Promise<void> {
  const name = orderers.organisations.find((organisation) => organisation.mspId === mspId)?.name.zh ?? mspId;
  const own = orderers.nodes.filter(({ organisation }) => organisation === mspId);
  await complete(folder, mspId, name, [
    ...own.map((node) => member("orderers", node.name, (one) => one.addOrderer(node.name, hostsOf(node.address)))),
    member("administrators", ADMINISTRATOR, (one) => one.addAdministrator(ADMINISTRATOR)),
  ]);
}

/** Somebody whom an organisation certifies. */
interface Member {
  /** Where, in the organisation's folder. */
  readonly place: string;
  add(organisation: Organisation): Promise<unknown>;
}

const member = (unit: string, name: string, add: Member["add"]): Member => ({ place: join(unit, name), add });

/** The file of a member that is written last. */
const LAST_WRITTEN = join("tls", "ca.pem");

async function complete(folder: string, mspId: string, name: string, members: readonly Member[]): Promise<void> {
  if (!existsSync(folder))
    return makeFolder(folder, async (draft) => addAll(await Organisation.create(draft, mspId, name), members));
  const missing = members.filter(({ place }) => !existsSync(join(folder, place, LAST_WRITTEN)));
  if (missing.length > 0 && existsSync(join(folder, "ca", "key.pem")))
    await addAll(await Organisation.open(folder, mspId), missing);
}

/** One after another: each is noted in one file. */
async function addAll(organisation: Organisation, members: readonly Member[]): Promise<void> {
  for (const { add } of members) await add(organisation);
}

/** The names under which a process on this host is reached, and under which others reach it. */
function hostsOf(address: string | undefined): string[] {
  const own = ["localhost", "127.0.0.1", hostname()];
  return [...new Set(address === undefined ? own : [...own, hostAndPort(address).host])];
}
