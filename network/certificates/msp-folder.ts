import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { NetworkError } from "../error.js";
import type { Credential } from "./authority.js";

/** Only the owner reads a private key. */
const OWNER_ONLY = 0o600;

/** What everybody may know of an organisation: the content of an MSP folder without keys, certificates as PEM. */
export interface PublicMsp {
  readonly rootCertificates: readonly string[];
  readonly intermediateCertificates: readonly string[];
  readonly tlsRootCertificates: readonly string[];
  readonly tlsIntermediateCertificates: readonly string[];
  readonly revocationLists: readonly string[];
}

const FOLDERS = {
  rootCertificates: "cacerts",
  intermediateCertificates: "intermediatecerts",
  tlsRootCertificates: "tlscacerts",
  tlsIntermediateCertificates: "tlsintermediatecerts",
  revocationLists: "crls",
} as const satisfies Record<keyof PublicMsp, string>;

const UNITS = { Client: "client", Peer: "peer", Admin: "admin", Orderer: "orderer" } as const;

/** Writes the folder by which Fabric's peers and orderers know an organisation; NodeOUs are on. */
export async function writePublicMsp(directory: string, msp: PublicMsp): Promise<void> {
  for (const [part, folder] of Object.entries(FOLDERS)) {
    const certificates = msp[part as keyof PublicMsp];
    const names = certificates.map((_, index) => `${numbered(folder, index)}.pem`);
    if (certificates.length > 0) await mkdir(join(directory, folder), { recursive: true });
    await Promise.all(certificates.map((pem, index) => writeFile(join(directory, folder, names[index] ?? ""), pem)));
    for (const name of await filesIn(join(directory, folder)))
      if (!names.includes(name)) await rm(join(directory, folder, name));
  }
  const { stringify } = await yaml();
  await writeFile(join(directory, "config.yaml"), stringify(nodeUnits(msp.rootCertificates.length)));
}

/** Adds to an MSP folder what makes it somebody's own: certificate and key. */
export async function writeSigningIdentity(directory: string, credential: Credential): Promise<void> {
  await mkdir(join(directory, "signcerts"), { recursive: true });
  await mkdir(join(directory, "keystore"), { recursive: true });
  await writeFile(join(directory, "signcerts", "cert.pem"), credential.certificate);
  await writeFile(join(directory, "keystore", "priv_sk"), credential.privateKey, { mode: OWNER_ONLY });
}

/** Reads what everybody may know from an MSP folder. Throws `INVALID_CERTIFICATE` if it has no root or NodeOUs are off. */
export async function readPublicMsp(directory: string): Promise<PublicMsp> {
  const msp = {
    rootCertificates: await readPems(join(directory, FOLDERS.rootCertificates)),
    intermediateCertificates: await readPems(join(directory, FOLDERS.intermediateCertificates)),
    tlsRootCertificates: await readPems(join(directory, FOLDERS.tlsRootCertificates)),
    tlsIntermediateCertificates: await readPems(join(directory, FOLDERS.tlsIntermediateCertificates)),
    revocationLists: await readPems(join(directory, FOLDERS.revocationLists)),
  };
  if (msp.rootCertificates.length === 0)
    throw new NetworkError(
      "INVALID_CERTIFICATE",
      {
        zh: `${directory} 的 ${FOLDERS.rootCertificates} 中没有根证书：请该机构交来其 msp 目录，或用 "wanlian network certificates" 制作。`,
        en: `${directory} has no root certificate in ${FOLDERS.rootCertificates}: have the organisation send its msp folder, or make it with "wanlian network certificates".`,
      },
      { details: { directory } },
    );
  const { parse } = await yaml();
  const config: unknown = parse(await readFile(join(directory, "config.yaml"), "utf8"));
  if (!enablesNodeUnits(config)) {
    const file = join(directory, "config.yaml");
    const text = { zh: `${file} 没有启用 NodeOUs。`, en: `${file} does not enable NodeOUs.` };
    throw new NetworkError("INVALID_CERTIFICATE", text, { details: { file } });
  }
  return msp;
}

/** Reads the one certificate and key of an MSP folder. Throws `MISSING_FILE`. */
export async function readSigningIdentity(directory: string): Promise<Credential> {
  return {
    certificate: await onlyFile(join(directory, "signcerts")),
    privateKey: await onlyFile(join(directory, "keystore")),
  };
}

/** Loaded when it is needed: a process that only signs is smaller and starts sooner without it. */
const yaml = () => import("yaml");

/** One root certifies the units; of two, while one takes the other's place, either does. */
function nodeUnits(roots: number): unknown {
  const certifier = { Certificate: `${FOLDERS.rootCertificates}/${numbered(FOLDERS.rootCertificates, 0)}.pem` };
  const identifiers = Object.entries(UNITS).map(([kind, unit]) => [
    `${kind}OUIdentifier`,
    { ...(roots === 1 ? certifier : {}), OrganizationalUnitIdentifier: unit },
  ]);
  return { NodeOUs: { Enable: true, ...Object.fromEntries(identifiers) } };
}

function enablesNodeUnits(config: unknown): boolean {
  if (typeof config !== "object" || config === null || !("NodeOUs" in config)) return false;
  const { NodeOUs } = config;
  return typeof NodeOUs === "object" && NodeOUs !== null && "Enable" in NodeOUs && NodeOUs.Enable === true;
}

/** cacerts/ca-0.pem, tlscacerts/tlsca-0.pem, … */
function numbered(folder: string, index: number): string {
  return `${folder.replace(/certs$/, "").replace(/s$/, "")}-${index}`;
}

async function readPems(directory: string): Promise<string[]> {
  const names = await filesIn(directory);
  return Promise.all(names.map((name) => readFile(join(directory, name), "utf8")));
}

async function onlyFile(directory: string): Promise<string> {
  const [name, ...others] = await filesIn(directory);
  if (name === undefined || others.length > 0) {
    const count = others.length + (name ? 1 : 0);
    throw new NetworkError(
      "MISSING_FILE",
      {
        zh: `${directory} 中应恰有一个文件，现有 ${count} 个。`,
        en: `${directory} must hold exactly one file; it holds ${count}.`,
      },
      { details: { directory, count } },
    );
  }
  return readFile(join(directory, name), "utf8");
}

async function filesIn(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).filter((name) => !name.startsWith(".")).sort();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
