import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { organisationFolder } from "../channel/material.js";
import { isNoSuchFile } from "../processes/files.js";
import type { Network } from "./network.js";

/** When a certificate that lies here ends. */
export interface CertificateExpiry {
  readonly whose: string;
  readonly notAfter: Date;
}

/** The identity and TLS certificates of the topology's peers, orderers and administrators, as far as they lie here. */
export async function expiries({ topology, base }: Network): Promise<CertificateExpiry[]> {
  const members = [
    ...topology.departments.flatMap((department) => [
      ...department.peers.map((peer) => ({ organisation: department, path: join("peers", peer.name) })),
      { organisation: department, path: join("administrators", "admin") },
    ]),
    ...topology.orderers.organisations.flatMap((organisation) => [
      ...topology.orderers.nodes
        .filter((node) => node.organisation === organisation.mspId)
        .map((node) => ({ organisation, path: join("orderers", node.name) })),
      { organisation, path: join("administrators", "admin") },
    ]),
  ];
  const found = await Promise.all(
    members.flatMap(({ organisation, path }) => {
      const folder = join(organisationFolder(base, organisation), path);
      return [
        expiry(`${path} of ${organisation.mspId}`, join(folder, "msp", "signcerts", "cert.pem")),
        expiry(`${path} of ${organisation.mspId} (TLS)`, join(folder, "tls", "cert.pem")),
      ];
    }),
  );
  return found.flatMap((one) => (one ? [one] : []));
}

async function expiry(whose: string, file: string): Promise<CertificateExpiry | undefined> {
  try {
    return { whose, notAfter: new Date(new X509Certificate(await readFile(file)).validTo) };
  } catch (error) {
    if (isNoSuchFile(error)) return undefined; // another department's; it is theirs to watch
    throw error;
  }
}
