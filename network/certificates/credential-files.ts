import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Credential } from "./authority.js";

/** Only the owner reads a private key. */
export const OWNER_ONLY = 0o600;

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
