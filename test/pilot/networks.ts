import { createServer } from "node:net";
import { findBinaries, supports } from "@wanlian/network/fabric/binaries.js";
import type { Consensus } from "@wanlian/network/topology/topology.js";

/** The networks that the suite runs on: the embedded one, and Fabric's where its binaries are at hand. */
export const NETWORKS: readonly Consensus[] = ["embedded", "raft", "bft"];

const { FABRIC_BIN } = process.env;
/** Where it is set, there has to be something usable. */
const fabric = FABRIC_BIN ? await findBinaries(FABRIC_BIN, "raft") : undefined;

/** Whether the tests of a network can run here; otherwise they count as skipped. */
export function isAvailable(consensus: Consensus): boolean {
  return consensus === "embedded" || (fabric !== undefined && supports(fabric.version, consensus));
}

/** What a pilot's ports take up above the first, for twelve departments. */
const PORT_SPAN = 230;

/** A first port with enough free ones above it. Chosen at random, so that suites beside each other do not meet. */
export async function freePorts(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const first = 20_000 + Math.floor(Math.random() * 150) * 80;
    const wanted = Array.from({ length: PORT_SPAN }, (_, at) => first + at);
    if (first + PORT_SPAN < 32_768 && (await Promise.all(wanted.map(isFree))).every(Boolean)) return first;
  }
  throw new Error("no free range of ports was found");
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
