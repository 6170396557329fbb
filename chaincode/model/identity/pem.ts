import { DerError } from "./der.js";

/**
 * The one PEM of a certificate: nothing before it, base64 in lines of 64 characters, a newline at every end, nothing
 * behind it. Readers of looser forms disagree on which certificate is meant: Go's skips what comes before a block, and
 * takes a block of any label.
 */
const PEM =
  /^-----BEGIN CERTIFICATE-----\n((?:[A-Za-z0-9+/]{64}\n)*[A-Za-z0-9+/]{1,64}={0,2}\n)-----END CERTIFICATE-----\n$/;
const LINE = 64;

export function canonicalPem(certificate: Uint8Array): string {
  const base64 = Buffer.from(certificate).toString("base64");
  const lines = Array.from({ length: Math.ceil(base64.length / LINE) }, (_, at) =>
    base64.slice(at * LINE, (at + 1) * LINE),
  );
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

/** The certificate (DER) in the one PEM that it has. @throws DerError for any other bytes */
export function certificateIn(pem: Uint8Array): Uint8Array {
  const text = Buffer.from(pem).toString("latin1");
  const certificate = Buffer.from(PEM.exec(text)?.[1] ?? "", "base64");
  if (certificate.length === 0 || canonicalPem(certificate) !== text) {
    throw new DerError("it is not one certificate in canonical PEM");
  }
  return certificate;
}
