import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Words } from "@wanlian/protocol/language.js";
import { organisationFolder } from "../channel/material.js";
import { isNoSuchFile } from "../processes/files.js";
import type { Network } from "./network.js";

/** When a certificate that lies here ends. */
export interface CertificateExpiry {
  readonly mspId: string;
  /** Where its holder stands among the organisation's: `peers/peer0` for example. */
  readonly holder: string;
  /** What it is for: to sign, or to open TLS connections. */
  readonly use: "identity" | "tls";
  readonly notAfter: Date;
  /** `root`: an authority's own, which everything that it signed ends with. */
  readonly of?: "root";
}

/** The identity and TLS certificates of the topology's peers, orderers, administrators and authorities, as far as they lie here. */
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
      const { mspId } = organisation;
      return [
        expiry({ mspId, holder: path, use: "identity" }, join(folder, "msp", "signcerts", "cert.pem")),
        expiry({ mspId, holder: path, use: "tls" }, join(folder, "tls", "cert.pem")),
      ];
    }),
  );
  const roots = await Promise.all(
    [...topology.departments, ...topology.orderers.organisations].flatMap((organisation) =>
      ROOTS.map(([holder, use]) => {
        const file = join(organisationFolder(base, organisation), holder, "cert.pem");
        return expiry({ mspId: organisation.mspId, holder, use, of: "root" }, file);
      }),
    ),
  );
  return [...found, ...roots].flatMap((one) => (one ? [one] : []));
}

const ROOTS = [
  ["ca", "identity"],
  ["tlsca", "tls"],
] as const;

async function expiry(
  whose: Omit<CertificateExpiry, "notAfter">,
  file: string,
): Promise<CertificateExpiry | undefined> {
  try {
    return { ...whose, notAfter: new Date(new X509Certificate(await readFile(file)).validTo) };
  } catch (error) {
    if (isNoSuchFile(error)) return undefined; // another department's; it is theirs to watch
    throw error;
  }
}

/** Whose certificate it is, for sentences. */
export function certificateName({ mspId, holder, use }: CertificateExpiry): Words {
  const tls = { zh: use === "tls" ? "（TLS）" : "", en: use === "tls" ? " (TLS)" : "" };
  return { zh: `${mspId} 的 ${holder}${tls.zh}`, en: `${holder} of ${mspId}${tls.en}` };
}
