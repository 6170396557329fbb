import { createPrivateKey, generateKeyPairSync, type KeyObject, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { KeyError } from "../../core/index.js";
import { checkPeriod, type OfficerCertificate, readOfficerCertificate } from "./certificate.js";
import { exportPkcs12, importPkcs12 } from "./pkcs12.js";
import { checkBelongs, openPrivateKey, sealPrivateKey } from "./private-key.js";
import { certificateRequest } from "./request.js";

const KEY_FILE = "key.pem";
const REQUESTED_KEY_FILE = "requested-key.pem";
const CERTIFICATE_FILE = "certificate.pem";
const OFFICER_NUMBER = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;
const MAX_CERTIFICATE_BYTES = 64 * 1024;

/** An officer whose key is open. The key is nowhere but here, in memory. */
export interface UnlockedOfficer extends OfficerCertificate {
  key: KeyObject;
}

/**
 * The officers of a department as its node keeps them: a folder an officer, named by number, with the certificate and
 * the encrypted private key. Only the officer's passphrase opens the key; the node's operator cannot.
 */
export class OfficerStore {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Numbers of all enrolled officers, sorted. */
  async list(): Promise<string[]> {
    try {
      const names = (await readdir(this.#directory)).filter((name) => OFFICER_NUMBER.test(name));
      return names.filter((name) => existsSync(join(this.#directory, name, CERTIFICATE_FILE))).sort();
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  /** Throws UNKNOWN_OFFICER, DAMAGED_KEY. */
  async certificate(officer: string): Promise<OfficerCertificate> {
    const certificate = readOfficerCertificate(await this.#read(officer, CERTIFICATE_FILE));
    if (certificate.officer !== officer) {
      throw new KeyError("KEY_MISMATCH", `The certificate in the folder of officer ${officer} is another officer's.`);
    }
    return certificate;
  }

  /** Throws UNKNOWN_OFFICER, CERTIFICATE_NOT_VALID, WRONG_PASSPHRASE, DAMAGED_KEY, UNSUPPORTED_KEY, KEY_MISMATCH. */
  async unlock(officer: string, passphrase: string, now: Date): Promise<UnlockedOfficer> {
    const certificate = await this.certificate(officer);
    const key = await openPrivateKey(await this.#read(officer, KEY_FILE), passphrase);
    checkBelongs(key, certificate.x509);
    checkPeriod(certificate, now);
    return { ...certificate, key };
  }

  /**
   * Makes a key of the officer's own and returns the request (PKCS#10, PEM) for the department's authority. An
   * officer who is enrolled already goes on with the former key until the new certificate is installed.
   * Throws WEAK_PASSPHRASE.
   */
  async request(officer: string, passphrase: string): Promise<string> {
    const folder = this.#folder(officer);
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const sealed = await sealPrivateKey(privateKey, passphrase);
    const certificateRequestPem = certificateRequest(officer, privateKey);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(join(folder, REQUESTED_KEY_FILE), sealed, { mode: 0o600, flush: true });
    return certificateRequestPem;
  }

  /**
   * Takes in a certificate for a key that is here: the officer's present one, whose certificate was renewed, or the one that a request was
   * made for. The passphrase opens it. A request for another key goes on waiting.
   * Throws UNKNOWN_OFFICER where there is neither, WRONG_PASSPHRASE, KEY_MISMATCH.
   */
  async install(certificatePem: string, passphrase: string): Promise<string> {
    const certificate = readOfficerCertificate(certificatePem);
    const { officer } = certificate;
    const requested = join(this.#folder(officer), REQUESTED_KEY_FILE);
    const isForPresent = !existsSync(requested) || (await this.#isOfPresentKey(certificate));
    const key = await openPrivateKey(
      await this.#read(officer, isForPresent ? KEY_FILE : REQUESTED_KEY_FILE),
      passphrase,
    );
    await this.#write(certificatePem, key, passphrase);
    if (!isForPresent) await rm(requested);
    return officer;
  }

  /**
   * Takes in a certificate and its private key (PEM, not encrypted), and returns the officer's number. A renewed
   * certificate replaces the former one. Throws WEAK_PASSPHRASE, KEY_MISMATCH, DAMAGED_KEY, UNSUPPORTED_KEY.
   */
  async enrol(certificatePem: string, keyPem: string, passphrase: string): Promise<string> {
    return this.#write(certificatePem, readPlainKey(keyPem), passphrase);
  }

  /**
   * Takes in the certificate of a key that is in the officer's own browser. A key that was kept here for the officer
   * goes: from then on the node has none.
   */
  async enrolBrowserKey(certificatePem: string): Promise<string> {
    const { officer } = readOfficerCertificate(certificatePem);
    const folder = this.#folder(officer);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await rm(join(folder, KEY_FILE), { force: true });
    const aside = join(folder, `.${randomUUID()}`);
    await writeFile(aside, certificatePem, { mode: 0o644, flush: true });
    await rename(aside, join(folder, CERTIFICATE_FILE));
    return officer;
  }

  /** Takes in a PKCS#12 file; the key is encrypted anew under `passphrase`. */
  async importPkcs12(file: Uint8Array, filePassphrase: string, passphrase: string): Promise<string> {
    const { key, certificatePem } = await importPkcs12(file, filePassphrase);
    return this.#write(certificatePem, key, passphrase);
  }

  /** @param authorities certificates of the department's authorities, PEM: the chain goes with the officer's own */
  async exportPkcs12(
    officer: string,
    passphrase: string,
    filePassphrase: string,
    { now, authorities = [] }: { readonly now: Date; readonly authorities?: readonly string[] },
  ): Promise<Buffer> {
    const { key, pem } = await this.unlock(officer, passphrase, now);
    return exportPkcs12({ key, certificatePem: pem }, filePassphrase, officer, authorities);
  }

  async changePassphrase(officer: string, from: string, to: string, now: Date): Promise<void> {
    const { key, pem } = await this.unlock(officer, from, now);
    await this.#write(pem, key, to);
  }

  /**
   * Written aside, then moved. A new officer's two files appear at once. A renewed certificate comes before its key:
   * killed in between, the two do not belong together, which `unlock` says, and the same step taken again mends.
   */
  async #write(certificatePem: string, key: KeyObject, passphrase: string): Promise<string> {
    const certificate = readOfficerCertificate(certificatePem);
    checkBelongs(key, certificate.x509);
    const folder = this.#folder(certificate.officer);
    const sealed = await sealPrivateKey(key, passphrase);
    const aside = join(this.#directory, `.${certificate.officer}.${randomUUID()}`);
    await mkdir(aside, { recursive: true, mode: 0o700 });
    try {
      await writeFile(join(aside, KEY_FILE), sealed, { mode: 0o600, flush: true });
      await writeFile(join(aside, CERTIFICATE_FILE), certificatePem, { mode: 0o644, flush: true });
      if (existsSync(folder)) {
        await rename(join(aside, CERTIFICATE_FILE), join(folder, CERTIFICATE_FILE));
        await rename(join(aside, KEY_FILE), join(folder, KEY_FILE));
      } else {
        await rename(aside, folder);
      }
      await chmod(folder, 0o700);
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
    return certificate.officer;
  }

  async #isOfPresentKey({ officer, x509 }: OfficerCertificate): Promise<boolean> {
    if (!existsSync(join(this.#folder(officer), CERTIFICATE_FILE))) return false;
    return (await this.certificate(officer)).x509.publicKey.equals(x509.publicKey);
  }

  async #read(officer: string, file: string): Promise<string> {
    const path = join(this.#folder(officer), file);
    try {
      const { size } = await stat(path);
      if (size > MAX_CERTIFICATE_BYTES)
        throw new KeyError("DAMAGED_KEY", `${file} of officer ${officer} is too large.`);
      return await readFile(path, "utf8");
    } catch (error) {
      if (isMissing(error)) throw unknownOfficer(officer);
      throw error;
    }
  }

  #folder(officer: string): string {
    if (!OFFICER_NUMBER.test(officer)) throw unknownOfficer(officer.slice(0, 64));
    return join(this.#directory, officer);
  }
}

function readPlainKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new KeyError("DAMAGED_KEY", "The private key is not a PEM that can be read.", { cause });
  }
}

const unknownOfficer = (officer: string): KeyError =>
  new KeyError("UNKNOWN_OFFICER", `No officer ${officer} is enrolled at this node.`);

const isMissing = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "ENOENT";
