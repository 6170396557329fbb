import { X509Certificate } from "node:crypto";
import { messageOf } from "@wanlian/protocol/errors.js";
import { KeyError } from "../../core/index.js";
import { type Asn1, asOctets, asOid, asText, decode, inside, isContext, members } from "./asn1.js";

/** Fabric CA's extension for attributes: UTF-8 JSON `{"attrs":{name: value}}`. */
const ATTRIBUTES_OID = "1.2.3.4.5.6.7.8.1";
const COMMON_NAME_OID = "2.5.4.3";
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
    const x509 = new X509Certificate(pem);
    const [tbs] = members(decode(x509.raw), 3);
    return {
      officer: commonName(tbs),
      roles: rolesOf(tbs),
      pem,
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

/** TBSCertificate, RFC 5280 §4.1: version, serial number, signature, issuer, validity, subject, … */
function commonName(tbs: Asn1 | undefined): string {
  const names = members(members(tbs, 7)[5], 1).flatMap((relative) => inside(relative, 1));
  const name = names.map((attribute) => members(attribute, 2)).find(([type]) => asOid(type) === COMMON_NAME_OID);
  if (name === undefined) throw new Error("the subject has no common name");
  return asText(name[1]);
}

function rolesOf(tbs: Asn1 | undefined): string[] {
  const wrapper = members(tbs, 7).find((item) => isContext(item, 3));
  const extensions = wrapper === undefined ? [] : members(inside(wrapper, 1)[0], 0);
  const extension = extensions.map((item) => members(item, 2)).find(([type]) => asOid(type) === ATTRIBUTES_OID);
  if (extension === undefined) return [];
  const document: unknown = JSON.parse(asOctets(extension.at(-1)).toString("utf8"));
  if (!isRecord(document) || !isRecord(document.attrs)) throw new Error("its attributes are not Fabric CA's");
  const roles = document.attrs[ROLE_ATTRIBUTE];
  if (roles === undefined) return [];
  if (typeof roles !== "string") throw new Error(`its attribute ${ROLE_ATTRIBUTE} is not a text`);
  return roles.split(",").filter((role) => role !== "");
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
