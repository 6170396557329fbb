import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { contractPackage } from "@wanlian/network/administration/contracts/package.js";
import { NODE_CLIENT } from "@wanlian/network/certificates/make.js";
import type { FabricBinaries } from "@wanlian/network/fabric/binaries.js";
import { nativeOrderer, nativePeer } from "@wanlian/network/fabric/native.js";
import { writeWhole } from "@wanlian/network/processes/files.js";
import type { ProcessSpec } from "@wanlian/network/processes/process.js";
import { PILOT_DEPARTMENTS } from "@wanlian/network/topology/pilot.js";
import type { Department, OrdererPlace, PeerPlace, Topology } from "@wanlian/network/topology/topology.js";
import { nodeFolder, officersFolder, organisationFolder } from "./certificates.js";
import type { DataDirectory } from "./data-directory.js";
import { departmentOf } from "./departments.js";
import { sealedKeys } from "./officers.js";

/** What a pilot runs, in the order in which it is needed. */
export interface PilotProcesses {
  readonly orderers: readonly ProcessSpec[];
  readonly peers: readonly ProcessSpec[];
  readonly contracts: readonly ProcessSpec[];
  readonly nodes: readonly ProcessSpec[];
}

/** Writes the configuration of every process. `binaries` are Fabric's; without them orderer and peers are the embedded ones. */
export async function pilotProcesses(
  data: DataDirectory,
  topology: Topology,
  binaries: FabricBinaries | undefined,
): Promise<PilotProcesses> {
  const { departments, orderers } = topology;
  const peers = departments.flatMap((department) => department.peers.map((place) => ({ department, place })));
  return {
    orderers: await Promise.all(orderers.nodes.map((place) => ordererProcess(data, place, binaries))),
    peers: await Promise.all(
      peers.map(({ department, place }) => peerProcess(data, department.mspId, place, binaries)),
    ),
    contracts: await Promise.all(
      peers.map(({ department, place }) => contractProcess(data, topology, department.mspId, place)),
    ),
    nodes: await Promise.all(departments.map((department) => nodeProcess(data, topology, department))),
  };
}

async function ordererProcess(
  data: DataDirectory,
  place: OrdererPlace,
  binaries: FabricBinaries | undefined,
): Promise<ProcessSpec> {
  const certificates = join(organisationFolder(data, place.organisation), "orderers", place.name);
  const folder = data.file("orderers", place.name);
  if (binaries) return nativeOrderer(binaries, place, certificates, folder);
  const tls = { cert: join(certificates, "tls", "cert.pem"), key: join(certificates, "tls", "key.pem") };
  const configuration = await writeConfiguration(folder, "orderer.json", {
    mspId: place.organisation,
    mspDir: join(certificates, "msp"),
    tls,
    listen: place.address,
    adminListen: place.administration,
    adminTls: { ...tls, clientRootCerts: [join(certificates, "tls", "ca.pem")] },
    dataDir: join(folder, "data"),
  });
  return {
    ...program("@wanlian/network/bundle/orderer.js", configuration),
    name: `orderer-${place.name}`,
    title: { zh: `${place.organisation} 的 ${place.name}`, en: `${place.name} of ${place.organisation}` },
    listens: [place.address, place.administration],
  };
}

async function peerProcess(
  data: DataDirectory,
  mspId: string,
  place: PeerPlace,
  binaries: FabricBinaries | undefined,
): Promise<ProcessSpec> {
  const certificates = join(organisationFolder(data, mspId), "peers", place.name);
  const folder = data.file("peers", mspId, place.name);
  if (binaries) return nativePeer(binaries, mspId, place, certificates, folder);
  const configuration = await writeConfiguration(folder, "peer.json", {
    mspId,
    mspDir: join(certificates, "msp"),
    tls: {
      cert: join(certificates, "tls", "cert.pem"),
      key: join(certificates, "tls", "key.pem"),
      rootCerts: [join(certificates, "tls", "ca.pem")],
    },
    listen: place.address,
    externalAddress: place.address,
    dataDir: join(folder, "data"),
    ...(place.operations ? { operationsListen: place.operations } : {}),
    ...(place.gateway ? { gateway: place.gateway } : {}),
  });
  return {
    ...program("@wanlian/network/bundle/peer.js", configuration),
    name: `peer-${mspId}-${place.name}`,
    title: { zh: `${mspId} 的 ${place.name}`, en: `${place.name} of ${mspId}` },
    listens: [place.address, ...(place.operations ? [place.operations] : [])],
  };
}

async function contractProcess(
  data: DataDirectory,
  topology: Topology,
  mspId: string,
  place: PeerPlace,
): Promise<ProcessSpec> {
  const { id } = await contractPackage(topology.contracts.name, place.contracts);
  const directory = data.file("contracts", mspId);
  await mkdir(directory, { recursive: true });
  const { args, ...rest } = program("@wanlian/chaincode/bundle/contracts.js");
  return {
    ...rest,
    args: [SMALLEST_YOUNG_GENERATION, ...args],
    name: `contracts-${mspId}-${place.name}`,
    title: {
      zh: `${mspId} 的 ${place.name} 旁的合约进程`,
      en: `contract process beside ${place.name} of ${mspId}`,
    },
    directory,
    environment: {
      CHAINCODE_ID: id,
      CHAINCODE_SERVER_ADDRESS: place.contracts,
      WANLIAN_VOID_FILE: voidFile(data, mspId),
      WANLIAN_GENESIS_POLICY: openingPolicyFile(data),
    },
    listens: [place.contracts],
  };
}

async function nodeProcess(data: DataDirectory, topology: Topology, department: Department): Promise<ProcessSpec> {
  const { mspId, node, peers } = department;
  const [peer] = peers;
  const organisation = organisationFolder(data, mspId);
  const ownFolder = join(organisation, "clients", NODE_CLIENT);
  const client = join(ownFolder, "msp");
  const folder = nodeFolder(data, mspId);
  const listen = node?.api ?? "127.0.0.1:0";
  const configuration = await writeConfiguration(folder, "node.json", {
    department: mspId,
    channel: topology.channel,
    chaincode: topology.contracts.name,
    ...(node?.connector === undefined ? {} : { connector: node.connector }),
    gateway: { address: peer.address, tlsRootCerts: join(organisation, "msp", "tlscacerts", "tlsca-0.pem") },
    identity: { cert: join(client, "signcerts", "cert.pem"), key: join(client, "keystore", "priv_sk") },
    dataDir: join(folder, "data"),
    listen,
    ...(node?.operations === undefined ? {} : { operations: node.operations }),
    officers: sealedKeys(officersFolder(data, mspId)),
    voidFile: voidFile(data, mspId),
    ...(node?.exchange === undefined
      ? {}
      : { exchange: exchangePart(topology, node.exchange, join(ownFolder, "tls")) }),
  });
  const { args, ...rest } = program("@wanlian/client/bundle/node.js", configuration);
  return {
    ...rest,
    args: [SMALL_YOUNG_GENERATION, ...args],
    environment: FEW_ARENAS,
    name: `node-${mspId}`,
    title: { zh: `${mspId} 的部门节点`, en: `node of ${mspId}` },
    listens: [listen, node?.exchange, node?.operations].filter((address) => address !== undefined),
  };
}

/** The door for the other departments' nodes, and where theirs are: those of departments that may still join included. */
function exchangePart(topology: Topology, listen: string, tls: string): object {
  const newcomers = PILOT_DEPARTMENTS.map(({ mspId }) => departmentOf(mspId, topology));
  const addresses = [...newcomers, ...topology.departments].flatMap(({ mspId, node }) =>
    node?.exchange === undefined ? [] : [[mspId, node.exchange]],
  );
  return {
    listen,
    tls: { cert: join(tls, "cert.pem"), key: join(tls, "key.pem") },
    addresses: Object.fromEntries(addresses),
  };
}

/** A node waits more than it computes: with V8's usual young generation it rests at 155 MB instead of 125 MB. */
const SMALL_YOUNG_GENERATION = "--max-semi-space-size=2";
/** A contract process keeps nothing between two calls: it rests at 82 MB instead of 92 MB. */
const SMALLEST_YOUNG_GENERATION = "--max-semi-space-size=1";
/** glibc keeps an arena a thread and what was once freed in it; opening officers' keys would leave 40 MB behind. */
const FEW_ARENAS = { MALLOC_ARENA_MAX: "2", MALLOC_MMAP_THRESHOLD_: "131072" };

/** The body of policy 1 that all endorsers are configured with. */
export function openingPolicyFile(data: DataDirectory): string {
  return data.file("genesis", "policy.json");
}

function voidFile(data: DataDirectory, mspId: string): string {
  return data.file("contracts", mspId, "void.jsonl");
}

/** One of our own programs as `npm run build` packs it (decision 090): it prints a line when it serves. */
function program(specifier: string, ...args: readonly string[]): Pick<ProcessSpec, "command" | "args" | "ready"> {
  const file = fileURLToPath(import.meta.resolve(specifier));
  return {
    command: process.execPath,
    // Without source maps: reading them is a tenth of a node's start, and what TypeScript writes here is read as it is.
    args: ["--disable-warning=DEP0123", file, ...args],
    ready: "line",
  };
}

async function writeConfiguration(folder: string, name: string, content: object): Promise<string> {
  const file = join(folder, name);
  await writeWhole(file, `${JSON.stringify(content, null, 2)}\n`);
  return file;
}
