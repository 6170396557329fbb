import { join } from "node:path";
import { nativePeer } from "../fabric/native.js";
import type { ProcessSpec } from "../processes/process.js";
import type { PeerPlace } from "../topology/topology.js";
import { layout } from "./layout.js";
import { certificatesOf, type Machine, writeConfiguration } from "./machine.js";
import { started } from "./programs.js";

/** A peer: Fabric's, or the embedded one. */
export async function peerProcess(machine: Machine, mspId: string, place: PeerPlace): Promise<ProcessSpec> {
  const certificates = join(certificatesOf(machine, mspId), "peers", place.name);
  const folder = layout.peer(machine.base, mspId, place.name);
  if (machine.binaries) return nativePeer(machine.binaries, mspId, place, certificates, folder);
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
    ...started(machine.programs.peer, [configuration]),
    name: `peer-${mspId}-${place.name}`,
    title: { zh: `${mspId} 的 ${place.name}`, en: `${place.name} of ${mspId}` },
    listens: [place.address, ...(place.operations ? [place.operations] : [])],
  };
}
