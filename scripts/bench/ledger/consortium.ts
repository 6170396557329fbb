import { join } from "node:path";
import { Organisation } from "@wanlian/network/certificates/organisation.js";
import { genesisBlock } from "@wanlian/network/channel/genesis.js";
import { readMaterial } from "@wanlian/network/channel/material.js";
import { pilotTopology } from "@wanlian/network/topology/pilot.js";
import { parseTopology } from "@wanlian/network/topology/read.js";

/** Departments on paper: authorities and a genesis block, no network. */
export interface Consortium {
  readonly organisations: ReadonlyMap<string, Organisation>;
  /** Base64. */
  readonly genesis: string;
}

export async function makeConsortium(folder: string, departments = 3): Promise<Consortium> {
  const topology = await parseTopology(pilotTopology({ departments, consensus: "embedded" }), "bench.yaml");
  const organisations = new Map<string, Organisation>();
  for (const { mspId, name } of [...topology.departments, ...topology.orderers.organisations]) {
    const organisation = await Organisation.create(join(folder, "organizations", mspId), mspId, name.en);
    organisations.set(mspId, organisation);
    await organisation.addAdministrator("admin");
    for (const { name: orderer, organisation: owner } of topology.orderers.nodes) {
      if (owner === mspId) await organisation.addOrderer(orderer, ["127.0.0.1"]);
    }
  }
  const genesis = Buffer.from(genesisBlock(topology, await readMaterial(folder, topology))).toString("base64");
  return { organisations, genesis };
}
