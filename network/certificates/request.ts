import type { webcrypto } from "node:crypto";
import { NetworkError } from "../error.js";
import { KEY_ALGORITHM, lowSCrypto, SIGNING_ALGORITHM } from "./key.js";
import { escapeName } from "./profile.js";
import { Pkcs10CertificateRequest, Pkcs10CertificateRequestGenerator } from "./x509.js";

/** A certificate signing request (PKCS#10, PEM) for `keys`: what leaves an officer's machine instead of the private key. */
export async function createRequest(name: string, keys: webcrypto.CryptoKeyPair): Promise<string> {
  const request = await Pkcs10CertificateRequestGenerator.create(
    { name: `CN=${escapeName(name)}`, keys, signingAlgorithm: SIGNING_ALGORITHM },
    lowSCrypto,
  );
  return `${request.toString("pem")}\n`;
}

/** Reads a request and checks that whoever made it holds its key. Throws `INVALID_CERTIFICATE` otherwise. */
export async function readRequest(pem: string): Promise<Pkcs10CertificateRequest> {
  const request = parse(pem);
  const algorithm = request.publicKey.algorithm as { name: string; namedCurve?: string };
  if (algorithm.name !== KEY_ALGORITHM.name || algorithm.namedCurve !== KEY_ALGORITHM.namedCurve)
    throw new NetworkError(
      "INVALID_CERTIFICATE",
      `The certificate request is for a key of ${algorithm.namedCurve ?? algorithm.name}; only P-256 is taken.`,
    );
  if (!(await request.verify()))
    throw new NetworkError("INVALID_CERTIFICATE", "The certificate request is not signed with its own key.");
  return request;
}

function parse(pem: string): Pkcs10CertificateRequest {
  try {
    return new Pkcs10CertificateRequest(pem);
  } catch (cause) {
    throw new NetworkError("INVALID_CERTIFICATE", "This is not a certificate request in PEM form.", {}, cause);
  }
}
