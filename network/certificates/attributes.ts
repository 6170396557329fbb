import { ATTRIBUTES_OID, ROLE_ATTRIBUTE, ROLES, type Role } from "@wanlian/model/roles.js";
import { Extension, type X509Certificate } from "./x509.js";

/** The extension that carries `attributes`, as Fabric CA writes it: JSON, not DER, inside the extension's octets. */
export function attributesExtension(attributes: Readonly<Record<string, string>>): Extension {
  return new Extension(ATTRIBUTES_OID, false, Buffer.from(JSON.stringify({ attrs: attributes })));
}

/** The roles a certificate gives; none if it has no attributes. */
export function rolesOf(certificate: X509Certificate): readonly Role[] {
  const extension = certificate.getExtension(ATTRIBUTES_OID);
  if (!extension) return [];
  const decoded: unknown = JSON.parse(Buffer.from(extension.value).toString("utf8"));
  const named = roleAttribute(decoded).split(",");
  return ROLES.filter((role) => named.includes(role));
}

function roleAttribute(decoded: unknown): string {
  if (typeof decoded !== "object" || decoded === null || !("attrs" in decoded)) return "";
  const { attrs } = decoded;
  if (typeof attrs !== "object" || attrs === null || !(ROLE_ATTRIBUTE in attrs)) return "";
  return String(attrs[ROLE_ATTRIBUTE]);
}
