import { Certificate } from "@wanlian/protocol/identities/certificate.js";
import { Buffer } from "buffer";
import { isIssuedBy } from "./key.ts";
import { KeyFileRefusal } from "./key-file-refusal.ts";
import { type KeptKey, keepKey } from "./key-store.ts";
import type { NodeLedger } from "./messages.ts";

/** A key, its certificate and chain need a few KiB: of more, nothing is read. */
const MAX_FILE_BYTES = 64 * 1024;

type Uncertified = Omit<KeptKey, "certificate" | "ledger">;

/**
 * A key and its certificate out of a PKCS#12 file, in this browser alone. What opens the file is loaded when one is.
 * @throws KeyFileRefusal with what is wrong with the file
 */
export async function keyInFile(
  file: File,
  passphrase: string,
): Promise<{ readonly key: Uncertified; readonly certificate: string }> {
  if (file.size > MAX_FILE_BYTES) throw new KeyFileRefusal("DAMAGED_KEY", "the file is too large for a key");
  const { openPkcs12 } = await import("./pkcs12.ts");
  const { privateKey, certificate } = await openPkcs12(new Uint8Array(await file.arrayBuffer()), passphrase);
  const { commonName, subjectPublicKeyInfo } = Certificate.fromPem(Buffer.from(certificate));
  return { key: { officer: commonName, privateKey, publicKey: subjectPublicKeyInfo }, certificate };
}

/**
 * Keeps a key with its certificate, for the ledger at which its node stands: from then on no node can make it another.
 * @throws KeyFileRefusal CERTIFICATE_REFUSED where none of the department's authorities signed it
 */
export async function keepCertified(key: Uncertified, certificate: string, node: NodeLedger): Promise<KeptKey> {
  const { channel, chaincode, department, authorities } = node;
  if (!isIssuedBy(authorities, certificate))
    throw new KeyFileRefusal("CERTIFICATE_REFUSED", `the certificate is not signed by an authority of ${department}`);
  const certified = { ...key, certificate, ledger: { channel, chaincode, mspId: department } };
  await keepKey(certified);
  return certified;
}
