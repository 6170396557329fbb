import { join } from "node:path";

/**
 * Where an organisation's processes keep what is their own, beside the topology file: of a pilot, where all run on one
 * host, and of a machine that holds one organisation's alone.
 *
 * ```
 * topology.yaml
 * organizations/MSPID/       certificates and keys
 * genesis/policy.json        policy 1, which the contracts are configured with
 * orderers/ peers/ contracts/ nodes/
 * ```
 */
export const layout = {
  orderer: (base: string, name: string) => join(base, "orderers", name),
  peer: (base: string, mspId: string, name: string) => join(base, "peers", mspId, name),
  contracts: (base: string, mspId: string) => join(base, "contracts", mspId),
  /** Where the node writes the numbers of void acts, for the contract process beside it. */
  voidFile: (base: string, mspId: string) => join(base, "contracts", mspId, "void.jsonl"),
  node: (base: string, mspId: string) => join(base, "nodes", mspId),
  /** Officers' sealed keys. */
  officers: (base: string, mspId: string) => join(base, "nodes", mspId, "officers", "keys"),
  openingPolicy: (base: string) => join(base, "genesis", "policy.json"),
} as const;
