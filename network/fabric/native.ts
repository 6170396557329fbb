import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { writeWhole } from "../processes/files.js";
import type { ProcessSpec } from "../processes/process.js";
import type { OrdererPlace, PeerPlace } from "../topology/topology.js";
import type { FabricBinaries } from "./binaries.js";
import { ordererConfig } from "./orderer-config.js";
import { peerConfig } from "./peer-config.js";

/** Fabric's programs log what an administrator reads; their debug output is a megabyte a minute. */
const LOGGING = { FABRIC_LOGGING_SPEC: "info", FABRIC_LOGGING_FORMAT: "json" } as const;

/** A native peer, configured and ready to be started. `folder` gets its configuration and ledger. */
export async function nativePeer(
  binaries: FabricBinaries,
  mspId: string,
  place: PeerPlace,
  certificates: string,
  folder: string,
): Promise<ProcessSpec> {
  const data = resolve(folder, "data");
  await mkdir(data, { recursive: true });
  const config = peerConfig(mspId, place, { certificates: resolve(certificates), data, binaries });
  await writeWhole(join(folder, "core.yaml"), config);
  return {
    name: `peer-${mspId}-${place.name}`,
    title: { zh: `${mspId} 的 ${place.name}`, en: `${place.name} of ${mspId}` },
    command: binaries.peer,
    args: ["node", "start"],
    environment: { FABRIC_CFG_PATH: resolve(folder), ...LOGGING },
    listens: [place.address, ...(place.operations ? [place.operations] : [])],
    ready: "port",
  };
}

/** A native orderer, likewise. */
export async function nativeOrderer(
  binaries: FabricBinaries,
  place: OrdererPlace,
  certificates: string,
  folder: string,
): Promise<ProcessSpec> {
  const data = resolve(folder, "data");
  await mkdir(data, { recursive: true });
  await writeWhole(join(folder, "orderer.yaml"), ordererConfig(place, { certificates: resolve(certificates), data }));
  return {
    name: `orderer-${place.name}`,
    title: { zh: `${place.organisation} 的 ${place.name}`, en: `${place.name} of ${place.organisation}` },
    command: binaries.orderer,
    args: [],
    environment: { FABRIC_CFG_PATH: resolve(folder), ...LOGGING },
    listens: [place.address, place.administration, ...(place.operations ? [place.operations] : [])],
    ready: "port",
  };
}
