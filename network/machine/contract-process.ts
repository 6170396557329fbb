import { mkdir } from "node:fs/promises";
import { contractPackage } from "../administration/contracts/package.js";
import type { ProcessSpec } from "../processes/process.js";
import type { PeerPlace } from "../topology/topology.js";
import { layout } from "./layout.js";
import type { Machine } from "./machine.js";
import { started } from "./programs.js";

/** A contract process keeps nothing between two calls: with V8's least young generation it rests at 82 MB instead of 92. */
const SMALLEST_YOUNG_GENERATION = "--max-semi-space-size=1";

/** The contracts beside a peer, as a service. */
export async function contractProcess(machine: Machine, mspId: string, place: PeerPlace): Promise<ProcessSpec> {
  const { base, topology, programs } = machine;
  const { id } = await contractPackage(topology.contracts.name, place.contracts);
  const directory = layout.contracts(base, mspId);
  await mkdir(directory, { recursive: true });
  return {
    ...started(programs.contracts, [], [SMALLEST_YOUNG_GENERATION]),
    name: `contracts-${mspId}-${place.name}`,
    title: {
      zh: `${mspId} 的 ${place.name} 旁的合约进程`,
      en: `contract process beside ${place.name} of ${mspId}`,
    },
    directory,
    environment: {
      CHAINCODE_ID: id,
      CHAINCODE_SERVER_ADDRESS: place.contracts,
      WANLIAN_VOID_FILE: layout.voidFile(base, mspId),
      WANLIAN_GENESIS_POLICY: layout.openingPolicy(base),
    },
    listens: [place.contracts],
  };
}
