import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type PublicMsp, readPublicMsp } from "../certificates/msp-folder.js";
import { NetworkError } from "../error.js";
import { isNoSuchFile } from "../processes/files.js";
import type { CertificateSource, OrdererPlace, Topology } from "../topology/topology.js";
import type { OrdererCertificates } from "./consensus.js";
import type { ChannelMaterial } from "./genesis.js";

/** Where an organisation's certificates lie, seen from the folder of the topology file. */
export function organisationFolder(
  base: string,
  organisation: { readonly mspId: string; readonly certificates?: CertificateSource },
): string {
  return join(base, organisation.certificates?.folder ?? join("organizations", organisation.mspId));
}

/** Reads the certificates that the topology's channel begins with. `base` is the folder of the topology file. */
export async function readMaterial(base: string, topology: Topology): Promise<ChannelMaterial> {
  const organisations = [...topology.departments, ...topology.orderers.organisations];
  const folders = new Map(organisations.map((one) => [one.mspId, organisationFolder(base, one)]));
  const msps = new Map<string, PublicMsp>();
  for (const [mspId, folder] of folders) msps.set(mspId, await readPublicMsp(join(folder, "msp")));
  const orderers = await readOrdererCertificates(base, topology);
  return {
    msp: (mspId) => known(msps.get(mspId), mspId),
    orderer: (place: OrdererPlace) => known(orderers.get(place.name), place.name),
  };
}

/** By name, the certificates of the topology's orderers, as far as they are here. */
export async function readOrdererCertificates(
  base: string,
  { orderers }: Pick<Topology, "orderers">,
): Promise<ReadonlyMap<string, OrdererCertificates>> {
  const found = new Map<string, OrdererCertificates>();
  for (const organisation of orderers.organisations)
    for (const { name } of orderers.nodes.filter((node) => node.organisation === organisation.mspId)) {
      const folder = join(organisationFolder(base, organisation), "orderers", name);
      const [identity, tls] = await Promise.all([
        readIfThere(join(folder, "msp", "signcerts", "cert.pem")),
        readIfThere(join(folder, "tls", "cert.pem")),
      ]);
      if (identity !== undefined && tls !== undefined) found.set(name, { identity, tls });
    }
  return found;
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (isNoSuchFile(error)) return undefined;
    throw error;
  }
}

function known<T>(found: T | undefined, name: string): T {
  if (found !== undefined) return found;
  const text = { zh: `没有 ${name} 的证书。`, en: `There are no certificates of ${name}.` };
  throw new NetworkError("MISSING_FILE", text, { details: { name } });
}
