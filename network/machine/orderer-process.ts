import { join } from "node:path";
import { nativeOrderer } from "../fabric/native.js";
import type { ProcessSpec } from "../processes/process.js";
import type { OrdererPlace } from "../topology/topology.js";
import { layout } from "./layout.js";
import { certificatesOf, type Machine, writeConfiguration } from "./machine.js";
import { started } from "./programs.js";

/** An orderer: Fabric's, or the embedded one. */
export async function ordererProcess(machine: Machine, place: OrdererPlace): Promise<ProcessSpec> {
  const certificates = join(certificatesOf(machine, place.organisation), "orderers", place.name);
  const folder = layout.orderer(machine.base, place.name);
  if (machine.binaries) return nativeOrderer(machine.binaries, place, certificates, folder);
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
    ...started(machine.programs.orderer, [configuration]),
    name: `orderer-${place.name}`,
    title: { zh: `${place.organisation} 的 ${place.name}`, en: `${place.name} of ${place.organisation}` },
    listens: [place.address, place.administration],
  };
}
