import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { canonicalPem } from "@wanlian/model/identity/pem.js";
import { messageOf } from "@wanlian/protocol/errors.js";
import { NodeError, type Signer } from "../../core/index.js";
import { signWith } from "../../keys/index.js";

/**
 * The node's own identity from its two files.
 * @throws NodeError CONFIGURATION, in one sentence, if they are no pair or the certificate is not valid now
 */
export async function readIdentity(
  mspId: string,
  files: { readonly cert: string; readonly key: string },
): Promise<Signer> {
  const certificate = await readPem(files.cert, (pem) => new X509Certificate(pem));
  const key = await readPem(files.key, (pem) => createPrivateKey(pem));
  checkPair(certificate, key, files);
  const now = Date.now();
  if (now < Date.parse(certificate.validFrom) || now > Date.parse(certificate.validTo)) {
    const { validFrom, validTo } = certificate;
    throw new NodeError(
      "CONFIGURATION",
      `the node's certificate ${files.cert} is valid from ${validFrom} to ${validTo}, not now; have a new one issued.`,
    );
  }
  return { mspId, certificate: Buffer.from(canonicalPem(certificate.raw)), sign: signWith(key) };
}

/** @throws NodeError CONFIGURATION if they are no certificate and its key */
export async function expectPair(files: { readonly cert: string; readonly key: string }): Promise<void> {
  const certificate = await readPem(files.cert, (pem) => new X509Certificate(pem));
  checkPair(certificate, await readPem(files.key, (pem) => createPrivateKey(pem)), files);
}

function checkPair(
  certificate: X509Certificate,
  key: KeyObject,
  files: { readonly cert: string; readonly key: string },
) {
  if (certificate.checkPrivateKey(key)) return;
  throw new NodeError("CONFIGURATION", `the key ${files.key} does not belong to the certificate ${files.cert}.`);
}

async function readPem<T>(file: string, parse: (pem: Buffer) => T): Promise<T> {
  try {
    return parse(await readFile(file));
  } catch (cause) {
    throw new NodeError("CONFIGURATION", `${file} cannot be used: ${messageOf(cause)}.`, { cause });
  }
}
