import type { ProcessSpec } from "../processes/process.js";
import { contractProcess } from "./contract-process.js";
import type { Machine } from "./machine.js";
import { nodeProcess } from "./node-process.js";
import { ordererProcess } from "./orderer-process.js";
import { peerProcess } from "./peer-process.js";

/** What runs, in the order in which it is needed. */
export interface MachineProcesses {
  readonly orderers: readonly ProcessSpec[];
  readonly peers: readonly ProcessSpec[];
  readonly contracts: readonly ProcessSpec[];
  readonly nodes: readonly ProcessSpec[];
}

/** Writes the configuration of every process of an organisation, and says how each is started. */
export async function organisationProcesses(machine: Machine, mspId: string): Promise<MachineProcesses> {
  const { departments, orderers } = machine.topology;
  const department = departments.find((one) => one.mspId === mspId);
  const peers = department?.peers ?? [];
  // All of a department's peers have the same contracts.
  const withContracts = peers.slice(0, 1);
  const places = orderers.nodes.filter(({ organisation }) => organisation === mspId);
  return {
    orderers: await Promise.all(places.map((place) => ordererProcess(machine, place))),
    peers: await Promise.all(peers.map((place) => peerProcess(machine, mspId, place))),
    contracts: await Promise.all(withContracts.map((place) => contractProcess(machine, mspId, place))),
    nodes: department?.node === undefined ? [] : [await nodeProcess(machine, department, department.node)],
  };
}

/** All of them, those first that others need. */
export function inOrder({ orderers, peers, contracts, nodes }: MachineProcesses): ProcessSpec[] {
  return [...orderers, ...peers, ...contracts, ...nodes];
}
