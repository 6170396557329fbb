import { isIP } from "node:net";
import { ROLE_ATTRIBUTE, type Role } from "@wanlian/model/roles.js";
import { attributesExtension } from "./attributes.js";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  type JsonGeneralName,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
} from "./x509.js";

/** The organisational units by which Fabric tells kinds of identity apart (NodeOUs). A certificate has exactly one. */
export type NodeUnit = "client" | "peer" | "admin" | "orderer";

/** What a certificate is for. */
export type Profile =
  /** Signs for a department on the ledger. */
  | { readonly kind: "identity"; readonly unit: NodeUnit; readonly name: string; readonly roles?: readonly Role[] }
  /** Serves and dials with TLS under these host names and addresses. */
  | { readonly kind: "tls"; readonly name: string; readonly hosts: readonly string[] };

/** A day, in milliseconds. */
const DAY = 24 * 60 * 60 * 1000;

/** A department's root: ten years, so that a pilot never outlives it. */
export const AUTHORITY_VALIDITY = 3650 * DAY;

/** Nodes and officers: one year, the period after which a department looks again at who holds what. */
export const CERTIFICATE_VALIDITY = 365 * DAY;

/** How far a certificate's beginning lies back, so that a machine whose clock is a little behind takes it at once. */
export const CLOCK_TOLERANCE = 5 * 60 * 1000;

/** The subject's attributes below the organisation, as an X.501 name string. */
export function subjectOf(profile: Profile, organisation: string): string {
  const unit = profile.kind === "identity" ? `OU=${profile.unit}, ` : "";
  return `C=CN, O=${escapeName(organisation)}, ${unit}CN=${escapeName(profile.name)}`;
}

/** The extensions that make a certificate what its profile says. */
export function extensionsOf(profile: Profile): Extension[] {
  if (profile.kind === "identity") return identityExtensions(profile.roles ?? []);
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
    new SubjectAlternativeNameExtension(profile.hosts.map(generalName)),
  ];
}

/**
 * An identity's extensions. No extended key usage: Fabric would then want serverAuth among them, which an officer has no
 * business with.
 */
function identityExtensions(roles: readonly Role[]): Extension[] {
  const extensions: Extension[] = [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
  ];
  if (roles.length > 0) extensions.push(attributesExtension({ [ROLE_ATTRIBUTE]: roles.join(",") }));
  return extensions;
}

function generalName(host: string): JsonGeneralName {
  return { type: isIP(host) ? "ip" : "dns", value: host };
}

/** RFC 4514 §2.4: characters with a meaning in a name string are escaped. */
export function escapeName(value: string): string {
  return value.replace(/[\\,+"<>;=#]/g, (character) => `\\${character}`);
}
