import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Digest } from "@wanlian/model/identifiers.js";
import type { Certificate } from "@wanlian/protocol/identities/certificate.js";

/** Certificates that signed requests, records or receipts, by SHA-256: records name them, evidence carries them. */
export class CertificateStore {
  readonly #dir: string;
  /** Being written, or there. */
  readonly #kept = new Map<Digest, Promise<void>>();

  private constructor(dir: string) {
    this.#dir = dir;
  }

  static async open(dir: string): Promise<CertificateStore> {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    return new CertificateStore(dir);
  }

  async keep(certificate: Certificate): Promise<Digest> {
    const id = certificate.fingerprint as Digest;
    let kept = this.#kept.get(id);
    if (kept === undefined) {
      kept = this.#write(this.#path(id), certificate);
      this.#kept.set(id, kept);
      kept.catch(() => this.#kept.delete(id));
    }
    await kept;
    return id;
  }

  /** PEM, or undefined if it was never kept. */
  async read(id: Digest): Promise<string | undefined> {
    return await readFile(this.#path(id), "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
  }

  async #write(path: string, certificate: Certificate): Promise<void> {
    await writeFile(`${path}.new`, pemOf(certificate), { mode: 0o600, flush: true });
    await rename(`${path}.new`, path);
  }

  #path(id: Digest): string {
    return join(this.#dir, `${id}.pem`);
  }
}

function pemOf(certificate: Certificate): string {
  const lines =
    Buffer.from(certificate.raw)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}
