import { appendFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Role } from "@wanlian/model/roles.js";
import { NetworkError } from "../error.js";
import { isNoSuchFile, writeWhole } from "../processes/files.js";
import { CertificateAuthority, type Credential } from "./authority.js";
import { readPublicMsp, writePublicMsp, writeSigningIdentity } from "./msp-folder.js";
import type { Profile } from "./profile.js";
import { X509Certificate } from "./x509.js";

/** Only the owner reads a private key. */
const OWNER_ONLY = 0o600;

/** What an authority notes of every certificate it signs, so that it can be revoked and its expiry seen. */
export interface IssuedCertificate {
  readonly serialNumber: string;
  readonly name: string;
  readonly kind: string;
  readonly notAfter: string;
}

export interface RenewedCertificate {
  /** Folder among the organisation's: `peers/peer0` for example. */
  readonly holder: string;
  readonly use: "identity" | "tls";
  readonly notAfter: Date;
}

export interface Renewal {
  readonly renewed: readonly RenewedCertificate[];
  /** Holders whose certificates another authority signed: theirs to renew. */
  readonly foreign: readonly string[];
}

interface CertificatePlace {
  readonly holder: string;
  readonly name: string;
  readonly use: "identity" | "tls";
  readonly kind: string;
  readonly file: string;
}

/** What stands in each folder of members. */
const UNITS = { peers: "peer", orderers: "orderer", administrators: "admin", clients: "client" } as const;

/**
 * An organisation's certificates on disk, in Fabric's own layout, so that the same files drive Fabric's processes and ours:
 *
 * ```
 * ca/ tlsca/             cert.pem, key.pem, issued.jsonl: never leave the organisation
 * msp/                   what goes into the channel's configuration
 * peers/NAME/            msp/ with key, tls/{cert,key,ca}.pem
 * orderers/NAME/         likewise
 * administrators/NAME/   likewise; the TLS certificate opens the orderers' administration port
 * clients/NAME/          likewise; the department node
 * officers/NUMBER/       cert.pem; the key is the officer's own
 * ```
 */
export class Organisation {
  private constructor(
    readonly directory: string,
    readonly mspId: string,
    readonly identities: CertificateAuthority,
    readonly tls: CertificateAuthority,
  ) {}

  /** Makes the authorities of a new organisation and its public MSP folder. */
  static async create(directory: string, mspId: string, name: string): Promise<Organisation> {
    const identities = await CertificateAuthority.create(`ca.${mspId}`, name);
    const tls = await CertificateAuthority.create(`tlsca.${mspId}`, name);
    await writeCredential(join(directory, "ca"), identities);
    await writeCredential(join(directory, "tlsca"), tls);
    await writePublicMsp(join(directory, "msp"), {
      rootCertificates: [identities.certificate],
      intermediateCertificates: [],
      tlsRootCertificates: [tls.certificate],
      tlsIntermediateCertificates: [],
      revocationLists: [],
    });
    return new Organisation(directory, mspId, identities.authority, tls.authority);
  }

  /** The organisation whose folder this is. */
  static async open(directory: string, mspId: string): Promise<Organisation> {
    const identities = await CertificateAuthority.open(await readCredential(join(directory, "ca")));
    const tls = await CertificateAuthority.open(await readCredential(join(directory, "tlsca")));
    return new Organisation(directory, mspId, identities, tls);
  }

  /** A peer that answers to `hosts`. */
  addPeer(name: string, hosts: readonly string[]): Promise<string> {
    return this.#addMember("peers", { kind: "identity", unit: "peer", name }, hosts);
  }

  /** An orderer that answers to `hosts`. */
  addOrderer(name: string, hosts: readonly string[]): Promise<string> {
    return this.#addMember("orderers", { kind: "identity", unit: "orderer", name }, hosts);
  }

  /** Whoever signs for the organisation's part in the channel. */
  addAdministrator(name: string): Promise<string> {
    return this.#addMember("administrators", { kind: "identity", unit: "admin", name }, []);
  }

  /** A program that acts for the organisation, such as the department node. */
  addClient(name: string, roles: readonly Role[], hosts: readonly string[]): Promise<string> {
    return this.#addMember("clients", { kind: "identity", unit: "client", name, roles }, hosts);
  }

  /** Certifies an officer's own key; the certificate is PEM, and kept in officers/NUMBER. */
  async addOfficer(number: string, roles: readonly Role[], request: string): Promise<string> {
    const profile = { kind: "identity", unit: "client", name: number, roles } as const;
    const certificate = await this.identities.certify(request, profile);
    await this.#note("ca", profile, certificate);
    const directory = join(this.directory, "officers", number);
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, "cert.pem"), certificate);
    return certificate;
  }

  /** Every certificate that the organisation's authority for identities has signed. */
  async issued(): Promise<IssuedCertificate[]> {
    const lines = (await readFile(join(this.directory, "ca", "issued.jsonl"), "utf8")).trimEnd().split("\n");
    return lines.map((line) => JSON.parse(line) as IssuedCertificate);
  }

  /**
   * Revokes every certificate issued to these names, beside what was revoked before. Gives the list (PEM), which counts once it
   * is in the channel's configuration; where all of them are revoked already, it is the list that there is. Throws `INVALID_CERTIFICATE` for a name that has none.
   */
  async revoke(names: readonly string[]): Promise<string> {
    const issued = await this.issued();
    for (const name of names)
      if (!issued.some((entry) => entry.name === name))
        throw new NetworkError(
          "INVALID_CERTIFICATE",
          {
            zh: `${this.mspId} 没有给 ${name} 签发过证书。`,
            en: `${this.mspId} has issued no certificate to ${name}.`,
          },
          { details: { mspId: this.mspId, name } },
        );
    const file = join(this.directory, "ca", "revoked.json");
    const before = await this.#revoked();
    const serials = issued.filter(({ name }) => names.includes(name)).map(({ serialNumber }) => serialNumber);
    const revoked = [...new Set([...before, ...serials])];
    const msp = await readPublicMsp(join(this.directory, "msp"));
    const [present] = msp.revocationLists;
    // A list made anew would differ in its number and times alone.
    if (revoked.length === before.length && present !== undefined) return present;
    await writeFile(file, JSON.stringify(revoked));
    const list = await this.identities.revoke(revoked);
    await writePublicMsp(join(this.directory, "msp"), { ...msp, revocationLists: [list] });
    return list;
  }

  /**
   * Gives every certificate that ends before an instant another one of the same key, in its place: nodes' and
   * administrators' for signing and for TLS, officers' in `officers/NUMBER`. What was revoked stays as it is.
   */
  async renew(before: Date): Promise<Renewal> {
    const revoked = new Set(await this.#revoked());
    const revokedHolders = new Set<string>();
    const renewed: RenewedCertificate[] = [];
    const foreign: string[] = [];
    for (const place of await this.#places()) {
      const present = await readFile(place.file, "utf8").catch(nothingThere);
      if (present === undefined) continue;
      const { notAfter, serialNumber } = new X509Certificate(present);
      // A list of the revoked has identities alone; whose identity was revoked needs no TLS either.
      if (revoked.has(serialNumber)) revokedHolders.add(place.holder);
      if (notAfter >= before || revokedHolders.has(place.holder)) continue;
      const [authority, folder] =
        place.use === "tls" ? ([this.tls, "tlsca"] as const) : ([this.identities, "ca"] as const);
      const certificate = await authority.renew(present);
      if (certificate === undefined) {
        foreign.push(place.holder);
        continue;
      }
      // Noted first: what is in use can be revoked.
      await this.#noteEntry(folder, place.name, place.kind, certificate);
      await writeWhole(place.file, certificate);
      renewed.push({ holder: place.holder, use: place.use, notAfter: new X509Certificate(certificate).notAfter });
    }
    return { renewed, foreign };
  }

  /** Where certificates lie: of each holder the identity first. */
  async #places(): Promise<CertificatePlace[]> {
    const members = await Promise.all(
      Object.entries(UNITS).map(async ([folder, unit]) =>
        (await namesIn(join(this.directory, folder))).flatMap((name): CertificatePlace[] => {
          const holder = join(folder, name);
          const at = (...path: string[]) => join(this.directory, holder, ...path);
          return [
            { holder, name, use: "identity", kind: unit, file: at("msp", "signcerts", "cert.pem") },
            { holder, name, use: "tls", kind: "tls", file: at("tls", "cert.pem") },
          ];
        }),
      ),
    );
    const officers = (await namesIn(join(this.directory, "officers"))).map((name): CertificatePlace => {
      const holder = join("officers", name);
      return { holder, name, use: "identity", kind: "client", file: join(this.directory, holder, "cert.pem") };
    });
    return [...members.flat(), ...officers];
  }

  async #revoked(): Promise<string[]> {
    return JSON.parse(await readFile(join(this.directory, "ca", "revoked.json"), "utf8").catch(emptyList)) as string[];
  }

  async #addMember(folder: string, profile: Profile & { kind: "identity" }, hosts: readonly string[]): Promise<string> {
    const directory = join(this.directory, folder, profile.name);
    const identity = await this.identities.issue(profile);
    await this.#note("ca", profile, identity.certificate);
    await writePublicMsp(join(directory, "msp"), await readPublicMsp(join(this.directory, "msp")));
    await writeSigningIdentity(join(directory, "msp"), identity);
    const tlsProfile = { kind: "tls", name: profile.name, hosts: hosts.length > 0 ? hosts : [profile.name] } as const;
    const tls = await this.tls.issue(tlsProfile);
    await this.#note("tlsca", tlsProfile, tls.certificate);
    await writeCredential(join(directory, "tls"), tls);
    await writeFile(join(directory, "tls", "ca.pem"), this.tls.certificate);
    return directory;
  }

  async #note(authority: "ca" | "tlsca", profile: Profile, certificate: string): Promise<void> {
    await this.#noteEntry(
      authority,
      profile.name,
      profile.kind === "identity" ? profile.unit : profile.kind,
      certificate,
    );
  }

  async #noteEntry(authority: "ca" | "tlsca", name: string, kind: string, certificate: string): Promise<void> {
    const { serialNumber, notAfter } = new X509Certificate(certificate);
    const entry: IssuedCertificate = { serialNumber, name, kind, notAfter: notAfter.toISOString() };
    await appendFile(join(this.directory, authority, "issued.jsonl"), `${JSON.stringify(entry)}\n`);
  }
}

/** Writes cert.pem and key.pem, the latter for its owner only. */
export async function writeCredential(directory: string, credential: Credential): Promise<void> {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "cert.pem"), credential.certificate);
  await writeFile(join(directory, "key.pem"), credential.privateKey, { mode: OWNER_ONLY });
}

/** Reads what `writeCredential` wrote. */
export async function readCredential(directory: string): Promise<Credential> {
  return {
    certificate: await readFile(join(directory, "cert.pem"), "utf8"),
    privateKey: await readFile(join(directory, "key.pem"), "utf8"),
  };
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (isNoSuchFile(error)) return [];
    throw error;
  }
}

function nothingThere(error: unknown): undefined {
  if (isNoSuchFile(error)) return undefined;
  throw error;
}

function emptyList(error: unknown): string {
  if (isNoSuchFile(error)) return "[]";
  throw error;
}
