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
  if (algorithm.name !== KEY_ALGORITHM.name || algorithm.namedCurve !== KEY_ALGORITHM.namedCurve) {
    const kind = algorithm.namedCurve ?? algorithm.name;
    throw new NetworkError(
      "INVALID_CERTIFICATE",
      {
        zh: `证书请求的密钥类型为 ${kind}，只接受 P-256。`,
        en: `The certificate request is for a key of ${kind}; only P-256 is taken.`,
      },
      { details: { kind } },
    );
  }
  if (!(await request.verify()))
    throw new NetworkError("INVALID_CERTIFICATE", {
      zh: "证书请求不是用其自身的密钥签名的。",
      en: "The certificate request is not signed with its own key.",
    });
  return request;
}

function parse(pem: string): Pkcs10CertificateRequest {
  try {
    return new Pkcs10CertificateRequest(pem);
  } catch (cause) {
    const text = { zh: "这不是 PEM 格式的证书请求。", en: "This is not a certificate request in PEM form." };
    throw new NetworkError("INVALID_CERTIFICATE", text, { cause });
  }
}
