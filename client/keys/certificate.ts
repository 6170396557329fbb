import { X509Certificate } from "node:crypto";
import { X509Certificate as ParsedCertificate } from "@peculiar/x509";
import { KeyError } from "./key-error.js";

/** Fabric CA's extension for attributes: UTF-8 JSON `{"attrs":{name: value}}`. */
const ATTRIBUTES_OID = "1.2.3.4.5.6.7.8.1";
const ROLE_ATTRIBUTE = "wanlian.role";

/** What an officer's certificate says. */
export interface OfficerCertificate {
  /** The subject's common name: a number that only the department can resolve. */
  officer: string;
  /** Of the attribute `wanlian.role`, in the certificate's order. */
  roles: string[];
  pem: string;
  x509: X509Certificate;
  notBefore: Date;
  notAfter: Date;
}

/** Throws DAMAGED_KEY where it is no certificate, names no officer, or has attributes that are not Fabric CA's. */
export function readOfficerCertificate(pem: string): OfficerCertificate {
  try {
    const parsed = new ParsedCertificate(pem);
    const officer = parsed.subjectName.getField("CN")[0];
    if (officer === undefined || officer === "") throw new Error("the subject has no common name");
    return {
      officer,
      roles: rolesOf(parsed),
      pem,
      x509: new X509Certificate(pem),
      notBefore: parsed.notBefore,
      notAfter: parsed.notAfter,
    };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new KeyError("DAMAGED_KEY", `The certificate cannot be read: ${reason}.`, {}, { cause });
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

function rolesOf(certificate: ParsedCertificate): string[] {
  const extension = certificate.getExtension(ATTRIBUTES_OID);
  if (extension === null) return [];
  const document: unknown = JSON.parse(Buffer.from(extension.value).toString("utf8"));
  if (!isRecord(document) || !isRecord(document.attrs)) throw new Error("its attributes are not Fabric CA's");
  const roles = document.attrs[ROLE_ATTRIBUTE];
  if (roles === undefined) return [];
  if (typeof roles !== "string") throw new Error(`its attribute ${ROLE_ATTRIBUTE} is not a text`);
  return roles.split(",").filter((role) => role !== "");
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
