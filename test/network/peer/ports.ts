import { expectFree } from "@wanlian/network/processes/port.js";
import { pilotTopology } from "@wanlian/network/topology/pilot.js";
import { parseTopology } from "@wanlian/network/topology/read.js";

/** Below the ports that systems hand out by themselves; a network's own take up less than one step. */
const LOWEST = 10_000;
const HIGHEST = 32_000;
const STEP = 300;
const TRIES = 20;

/** A first port from which on every port of an embedded network of so many departments is free. */
export async function freeFirstPort(departments: number): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const firstPort = LOWEST + STEP * Math.floor(Math.random() * ((HIGHEST - LOWEST) / STEP));
    try {
      await expectFree(await addressesOf(departments, firstPort));
      return firstPort;
    } catch (error) {
      if (attempt === TRIES) throw error;
    }
  }
}

async function addressesOf(departments: number, firstPort: number) {
  const topology = await parseTopology(pilotTopology({ departments, consensus: "embedded", firstPort }), "pilot.yaml");
  const peers = topology.departments.flatMap(({ peers: places }) => places);
  const addresses = [
    ...topology.orderers.nodes.flatMap(({ address, administration }) => [address, administration]),
    ...peers.flatMap(({ address, contracts }) => [address, contracts]),
  ];
  return addresses.map((address) => ({ address, owner: { zh: "测试", en: "a test" } }));
}
