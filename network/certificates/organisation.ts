import { createPrivateKey, X509Certificate as NodeCertificate } from "node:crypto";
import { appendFile, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Role } from "@wanlian/model/roles.js";
import { NetworkError } from "../error.js";
import { isNoSuchFile, writeWhole } from "../processes/files.js";
import { CertificateAuthority } from "./authority.js";
import { OWNER_ONLY, writeCredential } from "./credential-files.js";
import { readPublicMsp, writePublicMsp, writeSigningIdentity } from "./msp-folder.js";
import type { Profile } from "./profile.js";
import { type AuthorityPair, beginNewRoots, endFormerRoots, identityFolders, openAuthorities } from "./roll-over.js";
import { X509Certificate } from "./x509.js";

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
  /** Where its key lies; an officer's is not here. */
  readonly key: string | undefined;
  /** An orderer's: the channel's configuration names its key. */
  readonly orderer: boolean;
}

export interface RenewalOptions {
  /** What ends before then is renewed. */
  readonly before: Date;
  /** `too`: whatever the former roots signed as well. */
  readonly former?: "too";
  /** `new`: with keys of their own, but for officers', who make theirs, and orderers'. The same unless said otherwise. */
  readonly keys?: "same" | "new";
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
 * former/                ca/ tlsca/ that others take the place of, while what they signed still counts
 * ```
 */
export class Organisation {
  private constructor(
    readonly directory: string,
    readonly mspId: string,
    readonly identities: CertificateAuthority,
    readonly tls: CertificateAuthority,
    /** The authorities that these took the place of, while what they signed still counts. */
    readonly former: AuthorityPair | undefined,
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
    return new Organisation(directory, mspId, identities.authority, tls.authority, undefined);
  }

  /** The organisation whose folder this is. */
  static async open(directory: string, mspId: string): Promise<Organisation> {
    const { current, former } = await openAuthorities(directory);
    return new Organisation(directory, mspId, current.identities, current.tls, former);
  }

  /**
   * Makes new roots beside those that there are; they sign from now on. Both count until {@link endFormer}.
   * @throws NetworkError ALREADY_DONE where former roots are still in use
   */
  async rollOver(name: string): Promise<Organisation> {
    await beginNewRoots(this.directory, this.mspId, name);
    return Organisation.open(this.directory, this.mspId);
  }

  /** Lets the former roots count no more. Throws `INVALID_CERTIFICATE` with the holders of what they signed. */
  async endFormer(): Promise<Organisation> {
    const { former, mspId } = this;
    if (former === undefined)
      throw new NetworkError(
        "INVALID_CERTIFICATE",
        { zh: `${mspId} 没有旧的根证书。`, en: `${mspId} has no former roots.` },
        { details: { mspId } },
      );
    const left: string[] = [];
    const revoked = new Set(await this.#revoked());
    const revokedHolders = new Set<string>();
    for (const { file, use, holder } of await this.#places()) {
      const present = await readFile(file, "utf8").catch(nothingThere);
      if (present === undefined) continue;
      if (revoked.has(new X509Certificate(present).serialNumber)) revokedHolders.add(holder);
      if (revokedHolders.has(holder)) continue;
      if (await (use === "tls" ? former.tls : former.identities).signed(present)) left.push(holder);
    }
    if (left.length > 0) {
      const holders = [...new Set(left)];
      throw new NetworkError(
        "INVALID_CERTIFICATE",
        {
          zh: `旧根证书签发的仍在使用：${holders.join("、")}。请先 renew ${mspId} --former，并让各方换上。`,
          en: `What the former roots signed is still in use: ${holders.join(", ")}. First "renew ${mspId} --former", and have it put in place.`,
        },
        { details: { mspId, holders } },
      );
    }
    await endFormerRoots(this.directory);
    return Organisation.open(this.directory, mspId);
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
    return (await Promise.all(identityFolders(this.directory).map(issuedIn))).flat();
  }

  /**
   * Revokes every certificate issued to these names, beside what was revoked before. Gives the lists (PEM), one of each
   * authority that has any, which count once they are in the channel's configuration; where all are revoked already, those that
   * there are. Throws `INVALID_CERTIFICATE` for a name that has none.
   */
  async revoke(names: readonly string[]): Promise<readonly string[]> {
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
    const msp = await readPublicMsp(join(this.directory, "msp"));
    const authorities = [this.identities, ...(this.former === undefined ? [] : [this.former.identities])];
    const lists: string[] = [];
    let isNew = false;
    for (const [index, folder] of identityFolders(this.directory).entries()) {
      const before = await revokedIn(folder);
      const serials = (await issuedIn(folder))
        .filter(({ name }) => names.includes(name))
        .map(({ serialNumber }) => serialNumber);
      const revoked = [...new Set([...before, ...serials])];
      if (revoked.length > before.length) {
        isNew = true;
        await writeFile(join(folder, "revoked.json"), JSON.stringify(revoked));
      }
      const list = revoked.length > 0 && (await authorities[index]?.revoke(revoked));
      if (list) lists.push(list);
    }
    // Lists made anew would differ in their number and times alone.
    if (!isNew && msp.revocationLists.length === lists.length) return msp.revocationLists;
    await writePublicMsp(join(this.directory, "msp"), { ...msp, revocationLists: lists });
    return lists;
  }

  /**
   * Gives certificates others in their place: nodes' and administrators' for signing and for TLS, officers' in
   * `officers/NUMBER`. What was revoked stays as it is.
   */
  async renew({ before, former, keys = "same" }: RenewalOptions): Promise<Renewal> {
    const revoked = new Set(await this.#revoked());
    const revokedHolders = new Set<string>();
    const renewed: RenewedCertificate[] = [];
    const foreign: string[] = [];
    for (const place of await this.#places()) {
      await settleKey(place);
      const present = await readFile(place.file, "utf8").catch(nothingThere);
      if (present === undefined) continue;
      const { notAfter, serialNumber } = new X509Certificate(present);
      // A list of the revoked has identities alone; whose identity was revoked needs no TLS either.
      if (revoked.has(serialNumber)) revokedHolders.add(place.holder);
      if (revokedHolders.has(place.holder)) continue;
      const [authority, folder, older] =
        place.use === "tls"
          ? ([this.tls, "tlsca", this.former?.tls] as const)
          : ([this.identities, "ca", this.former?.identities] as const);
      const ofFormer = older !== undefined && (await older.signed(present));
      if (notAfter >= before && !(former === "too" && ofFormer)) continue;
      if (!ofFormer && !(await authority.signed(present))) {
        foreign.push(place.holder);
        continue;
      }
      const isNew = keys === "new" && place.key !== undefined && !place.orderer;
      const { certificate, privateKey } = isNew
        ? await authority.reissue(present)
        : { certificate: await authority.renew(present), privateKey: undefined };
      // Noted first: what is in use can be revoked.
      await this.#noteEntry(folder, place.name, place.kind, certificate);
      if (privateKey !== undefined && place.key !== undefined)
        await writeWhole(nextKey(place.key), privateKey, OWNER_ONLY);
      await writeWhole(place.file, certificate);
      await settleKey(place);
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
            {
              ...{ holder, name, use: "identity", kind: unit, orderer: unit === "orderer" },
              ...{ file: at("msp", "signcerts", "cert.pem"), key: at("msp", "keystore", "priv_sk") },
            },
            {
              ...{ holder, name, use: "tls", kind: "tls", orderer: unit === "orderer" },
              ...{ file: at("tls", "cert.pem"), key: at("tls", "key.pem") },
            },
          ];
        }),
      ),
    );
    const officers = (await namesIn(join(this.directory, "officers"))).map((name): CertificatePlace => {
      const holder = join("officers", name);
      const file = join(this.directory, holder, "cert.pem");
      return { holder, name, use: "identity", kind: "client", file, key: undefined, orderer: false };
    });
    return [...members.flat(), ...officers];
  }

  async #revoked(): Promise<string[]> {
    return (await Promise.all(identityFolders(this.directory).map(revokedIn))).flat();
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
    const roots = [this.tls, ...(this.former === undefined ? [] : [this.former.tls])];
    await writeFile(join(directory, "tls", "ca.pem"), roots.map(({ certificate }) => certificate).join(""));
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

async function issuedIn(folder: string): Promise<IssuedCertificate[]> {
  const text = (await readFile(join(folder, "issued.jsonl"), "utf8").catch(nothingThere)) ?? "";
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as IssuedCertificate);
}

async function revokedIn(folder: string): Promise<string[]> {
  return JSON.parse(await readFile(join(folder, "revoked.json"), "utf8").catch(emptyList)) as string[];
}

/** A new key waits here until its certificate is in place; who reads a folder of keys passes over it. */
const nextKey = (key: string): string => join(dirname(key), `.${basename(key)}.next`);

/** Puts a new key in place whose certificate is, also after a renewal that was broken off between the two. */
async function settleKey({ key, file }: CertificatePlace): Promise<void> {
  if (key === undefined) return;
  const waiting = await readFile(nextKey(key), "utf8").catch(nothingThere);
  if (waiting === undefined) return;
  const certificate = new NodeCertificate(await readFile(file));
  if (certificate.checkPrivateKey(createPrivateKey(waiting))) await rename(nextKey(key), key);
  else await rm(nextKey(key));
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
