import { join } from "node:path";
import type { ProcessSpec } from "../processes/process.js";

/** The programs of an organisation that are this project's own, packed (decision 090). */
export interface Programs {
  readonly orderer: string;
  readonly peer: string;
  readonly contracts: string;
  readonly node: string;
}

/** Where `npm run build` puts them. */
export function programsIn(repository: string): Programs {
  const packed = (workspace: string, name: string) => join(repository, workspace, "dist", "bundle", name);
  return {
    orderer: packed("network", "orderer.js"),
    peer: packed("network", "peer.js"),
    contracts: packed("chaincode", "contracts.js"),
    node: packed("client", "node.js"),
  };
}

/** How one of them is started: it prints a line when it serves. Options before the program are Node's. */
export function started(
  program: string,
  args: readonly string[],
  options: readonly string[] = [],
): Pick<ProcessSpec, "command" | "args" | "ready"> {
  return {
    command: process.execPath,
    // gRPC names a server by its address in TLS, where that is an IP address; the certificate is checked all the same.
    // Without source maps: reading them is a tenth of a node's start, and what TypeScript writes here is read as it is.
    args: [...options, "--disable-warning=DEP0123", program, ...args],
    ready: "line",
  };
}
