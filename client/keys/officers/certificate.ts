import { X509Certificate } from "node:crypto";
import { readHolder } from "@wanlian/model/identity/officer.js";
import { canonicalPem } from "@wanlian/model/identity/pem.js";
import { messageOf } from "@wanlian/protocol/errors.js";
import { KeyError } from "../../core/index.js";

/** What an officer's certificate says. */
export interface OfficerCertificate {
  /** The subject's common name: a number that only the department can resolve. */
  officer: string;
  /** Of the attribute `wanlian.role`. */
  roles: string[];
  /** Canonical, whatever was given. */
  pem: string;
  x509: X509Certificate;
  notBefore: Date;
  notAfter: Date;
}

/** Throws DAMAGED_KEY where it is no certificate or names no officer. */
export function readOfficerCertificate(pem: string): OfficerCertificate {
  try {
    const x509 = new X509Certificate(pem);
    // The form that peers' contracts and every node read, by the reader that they have.
    const canonical = canonicalPem(x509.raw);
    const { officer, roles } = readHolder(Buffer.from(canonical));
    return {
      officer,
      roles: [...roles],
      pem: canonical,
      x509,
      notBefore: new Date(x509.validFrom),
      notAfter: new Date(x509.validTo),
    };
  } catch (cause) {
    throw new KeyError("DAMAGED_KEY", `The certificate cannot be read: ${messageOf(cause)}.`, { cause });
  }
}

/** Throws CERTIFICATE_NOT_VALID before its first and after its last day. */
export function checkPeriod(certificate: OfficerCertificate, now: Date): void {
  if (now >= certificate.notBefore && now <= certificate.notAfter) return;
  throw new KeyError(
    "CERTIFICATE_NOT_VALID",
    `The certificate of officer ${certificate.officer} is valid from ${certificate.notBefore.toISOString()} ` +
      `to ${certificate.notAfter.toISOString()}. Ask the department's certificate authority for a new one.`,
  );
}
