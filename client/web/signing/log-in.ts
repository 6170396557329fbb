import { Certificate } from "@wanlian/protocol/identities/certificate.js";
import { Buffer } from "buffer";
import { answered, api, Refusal } from "../session/api.ts";
import type { KeyHolder } from "./holder.ts";
import { isIssuedBy } from "./key.ts";
import { type KeptKey, keepKey } from "./key-store.ts";

/** Logs in by signing the node's nonce: nothing secret leaves the browser. */
export async function logInWithKey(key: KeyHolder): Promise<void> {
  const { nonce } = await answered(api.POST("/sessions/nonces"));
  const signature = await key.logIn(nonce);
  const body = { officer: key.officer, nonce, signature: Buffer.from(signature).toString("base64") };
  await answered(api.POST("/sessions/signed", { body }));
  key.accepted();
}

/**
 * Puts a certificate to its key, with the ledger that it is for: from then on no node can make it another.
 * @throws Refusal CERTIFICATE_REFUSED where none of the department's authorities signed it
 */
export async function installCertificate(
  key: Omit<KeptKey, "certificate" | "ledger">,
  certificate: string,
): Promise<KeptKey> {
  const { channel, chaincode, department, authorities } = await answered(api.POST("/sessions/nonces"));
  if (!isIssuedBy(authorities, certificate))
    throw new Refusal("CERTIFICATE_REFUSED", "", `the certificate is not signed by an authority of ${department}`);
  const certified = { ...key, certificate, ledger: { channel, chaincode, mspId: department } };
  await keepKey(certified);
  return certified;
}

/**
 * Takes a key out of a PKCS#12 file into this browser, with its certificate.
 * @throws Refusal with what is wrong with the file, or CERTIFICATE_REFUSED
 */
export async function takeFromFile(file: File, passphrase: string): Promise<KeptKey> {
  const { openPkcs12 } = await import("./pkcs12.ts");
  const { privateKey, certificate } = await openPkcs12(new Uint8Array(await file.arrayBuffer()), passphrase);
  const { commonName, subjectPublicKeyInfo } = Certificate.fromPem(Buffer.from(certificate));
  const key = { officer: commonName, privateKey, publicKey: subjectPublicKeyInfo };
  return installCertificate(key, certificate);
}
