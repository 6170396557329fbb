import { Buffer } from "buffer";
import { answered, api } from "../session/api.ts";
import type { KeyHolder } from "./holder.ts";
import { keepCertified, keyInFile } from "./key-file.ts";
import type { KeptKey } from "./key-store.ts";

/** Logs in by signing the node's nonce: nothing secret leaves the browser. */
export async function logInWithKey(key: KeyHolder): Promise<void> {
  const { nonce } = await answered(api.POST("/sessions/nonces"));
  const signature = await key.logIn(nonce);
  const body = { officer: key.officer, nonce, signature: Buffer.from(signature).toString("base64") };
  await answered(api.POST("/sessions/signed", { body }));
  key.accepted();
}

/**
 * Puts a certificate to its key, for the ledger of this page's node.
 * @throws KeyFileRefusal CERTIFICATE_REFUSED where none of the department's authorities signed it
 */
export async function installCertificate(
  key: Omit<KeptKey, "certificate" | "ledger">,
  certificate: string,
): Promise<KeptKey> {
  return keepCertified(key, certificate, await answered(api.POST("/sessions/nonces")));
}

/**
 * Takes a key out of a PKCS#12 file into this browser, with its certificate.
 * @throws KeyFileRefusal with what is wrong with the file, or CERTIFICATE_REFUSED
 */
export async function takeFromFile(file: File, passphrase: string): Promise<KeptKey> {
  const { key, certificate } = await keyInFile(file, passphrase);
  return installCertificate(key, certificate);
}
