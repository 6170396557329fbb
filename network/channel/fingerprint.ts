import { createHash } from "node:crypto";
import { X509Certificate } from "../certificates/x509.js";

/** SHA-256 of the certificate (PEM), as `openssl x509 -fingerprint -sha256` prints it but for the colons. Throws where it is none. */
export function fingerprint(pem: Uint8Array): string {
  const { rawData } = new X509Certificate(Buffer.from(pem).toString("utf8"));
  return createHash("sha256").update(Buffer.from(rawData)).digest("hex");
}
