import { existsSync } from "node:fs";
import { cp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { NetworkError } from "../error.js";
import { isNoSuchFile, makeFolder, writeWhole } from "../processes/files.js";
import { CertificateAuthority } from "./authority.js";
import { readCredential, writeCredential } from "./credential-files.js";
import { type PublicMsp, readPublicMsp, writePublicMsp } from "./msp-folder.js";

/** Where an organisation's authorities lie: for identities and for TLS. */
const PLACES = ["ca", "tlsca"] as const;
/** Where the authorities are that a new pair takes the place of, until nothing of theirs is in use. */
const FORMER = "former";
/** Folders of those that have certificates of the organisation. */
const MEMBERS = ["peers", "orderers", "administrators", "clients"] as const;

/** An authority for identities and one for TLS. */
export interface AuthorityPair {
  readonly identities: CertificateAuthority;
  readonly tls: CertificateAuthority;
}

/** The pair that signs, and the one before it while its certificates still count. */
export async function openAuthorities(
  directory: string,
): Promise<{ readonly current: AuthorityPair; readonly former: AuthorityPair | undefined }> {
  await finishBeginning(directory);
  const former = join(directory, FORMER);
  return {
    current: await openPair(directory),
    former: existsSync(former) ? await openPair(former) : undefined,
  };
}

/** The folders of the authorities for identities, the one that signs first. */
export function identityFolders(directory: string): string[] {
  return [join(directory, "ca"), join(directory, FORMER, "ca")].filter((folder) => existsSync(folder));
}

/**
 * Makes new roots beside those that there are: the new ones sign from now on, and what the former signed counts until
 * {@link endFormerRoots}. Broken off, it goes on where it stopped.
 * @throws NetworkError ALREADY_DONE where former roots are still in use
 */
export async function beginNewRoots(directory: string, mspId: string, name: string): Promise<void> {
  if (existsSync(join(directory, FORMER)) && !(await isCopied(directory))) throw stillInUse(mspId);
  if (!existsSync(join(directory, FORMER)))
    await makeFolder(join(directory, FORMER), async (draft) => {
      for (const place of PLACES) await cp(join(directory, place), join(draft, place), { recursive: true });
    });
  await makeFolder(join(directory, "roots"), async (draft) => {
    await writeCredential(join(draft, "ca"), await CertificateAuthority.create(`ca.${mspId}`, name));
    await writeCredential(join(draft, "tlsca"), await CertificateAuthority.create(`tlsca.${mspId}`, name));
  });
  await finishBeginning(directory);
}

/** Takes the former roots out of what everybody has, once nothing of theirs is in use. */
export async function endFormerRoots(directory: string): Promise<void> {
  let number = 1;
  while (existsSync(join(directory, `ended-${number}`))) number += 1;
  await rename(join(directory, FORMER), join(directory, `ended-${number}`));
  await spreadRoots(directory, await openPair(directory), undefined);
}

/** New roots that are made take the place of the former, and every folder learns of them. */
async function finishBeginning(directory: string): Promise<void> {
  const made = join(directory, "roots");
  if (!existsSync(made)) return;
  for (const place of PLACES) {
    if (!existsSync(join(made, place))) continue;
    await rm(join(directory, place), { recursive: true, force: true });
    await rename(join(made, place), join(directory, place));
  }
  await spreadRoots(directory, await openPair(directory), await openPair(join(directory, FORMER)));
  await rm(made, { recursive: true });
}

/** Writes the roots into the organisation's MSP folder and into those of its members. The new ones stand first. */
async function spreadRoots(
  directory: string,
  current: AuthorityPair,
  former: AuthorityPair | undefined,
): Promise<void> {
  const pairs = former === undefined ? [current] : [current, former];
  const present = await readPublicMsp(join(directory, "msp"));
  const msp: PublicMsp = {
    ...present,
    rootCertificates: pairs.map(({ identities }) => identities.certificate),
    tlsRootCertificates: pairs.map(({ tls }) => tls.certificate),
    // A list of a root that counts no more would be one that nobody signed.
    revocationLists: former === undefined ? present.revocationLists.slice(0, 1) : present.revocationLists,
  };
  await writePublicMsp(join(directory, "msp"), msp);
  for (const folder of MEMBERS)
    for (const name of await namesIn(join(directory, folder))) {
      await writePublicMsp(join(directory, folder, name, "msp"), msp);
      await writeWhole(join(directory, folder, name, "tls", "ca.pem"), msp.tlsRootCertificates.join(""));
    }
}

async function openPair(folder: string): Promise<AuthorityPair> {
  const [identities, tls] = [await readCredential(join(folder, "ca")), await readCredential(join(folder, "tlsca"))];
  return { identities: await CertificateAuthority.open(identities), tls: await CertificateAuthority.open(tls) };
}

/** A beginning that was broken off before there were new roots: the former are the present ones. */
async function isCopied(directory: string): Promise<boolean> {
  const [present, former] = await Promise.all([directory, join(directory, FORMER)].map((at) => certificateIn(at)));
  return present === former;
}

const certificateIn = async (folder: string) => (await readCredential(join(folder, "ca"))).certificate;

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isNoSuchFile(error)) return [];
    throw error;
  }
}

function stillInUse(mspId: string): NetworkError {
  const text = {
    zh: `${mspId} 上一次更换的旧根证书仍在使用：请先 renew，再用 roots ${mspId} --end-former 结束它。`,
    en: `${mspId} still has former roots in use: renew what they signed, then end them with "roots ${mspId} --end-former".`,
  };
  return new NetworkError("ALREADY_DONE", text, { details: { mspId } });
}
