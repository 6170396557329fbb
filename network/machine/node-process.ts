import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { NODE_CLIENT } from "../certificates/make.js";
import type { ProcessSpec } from "../processes/process.js";
import type { Department, NodePlace } from "../topology/topology.js";
import { layout } from "./layout.js";
import { certificatesOf, type Machine, writeKeepingAdditions } from "./machine.js";
import { started } from "./programs.js";

/** A node waits more than it computes: with V8's usual young generation it rests at 155 MB instead of 125 MB. */
const SMALL_YOUNG_GENERATION = "--max-semi-space-size=2";
/** glibc keeps an arena a thread and what was once freed in it; opening officers' keys would leave 40 MB behind. */
const FEW_ARENAS = { MALLOC_ARENA_MAX: "2", MALLOC_MMAP_THRESHOLD_: "131072" };

/** A department's node. */
export async function nodeProcess(machine: Machine, department: Department, place: NodePlace): Promise<ProcessSpec> {
  const { base, topology, programs } = machine;
  const { mspId, peers } = department;
  const organisation = certificatesOf(machine, mspId);
  const own = join(organisation, "clients", NODE_CLIENT);
  const folder = layout.node(base, mspId);
  const configuration = await writeKeepingAdditions(folder, "node.json", {
    department: mspId,
    channel: topology.channel,
    chaincode: topology.contracts.name,
    // Undefined where the topology does not say: then it does not stay from an earlier time either.
    connector: place.connector,
    gateway: { address: peers[0].address, tlsRootCerts: await rootFiles(join(organisation, "msp", "tlscacerts")) },
    identity: { cert: join(own, "msp", "signcerts", "cert.pem"), key: join(own, "msp", "keystore", "priv_sk") },
    dataDir: join(folder, "data"),
    listen: place.api,
    operations: place.operations,
    officers: layout.officers(base, mspId),
    voidFile: layout.voidFile(base, mspId),
    exchange: place.exchange === undefined ? undefined : exchangePart(machine, place.exchange, join(own, "tls")),
  });
  return {
    ...started(programs.node, [configuration], [SMALL_YOUNG_GENERATION]),
    environment: FEW_ARENAS,
    name: `node-${mspId}`,
    title: { zh: `${mspId} 的部门节点`, en: `node of ${mspId}` },
    listens: [place.api, place.exchange, place.operations].filter((address) => address !== undefined),
  };
}

/** As certificates are written that are not there yet: a process is described before anything is made. */
const FIRST_ROOT = "tlsca-0.pem";

/** Two while one takes the other's place. */
async function rootFiles(folder: string): Promise<string | string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [FIRST_ROOT];
    throw error;
  });
  const files = names.sort().map((name) => join(folder, name));
  const [first = "", ...others] = files;
  return others.length === 0 ? first : files;
}

/** The door for the other departments' nodes, and where theirs are. */
function exchangePart({ topology, newcomers = [] }: Machine, listen: string, tls: string): object {
  const addresses = [...newcomers, ...topology.departments].flatMap(({ mspId, node }) =>
    node?.exchange === undefined ? [] : [[mspId, node.exchange]],
  );
  return {
    listen,
    tls: { cert: join(tls, "cert.pem"), key: join(tls, "key.pem") },
    addresses: Object.fromEntries(addresses),
  };
}
