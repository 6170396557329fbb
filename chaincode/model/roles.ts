/** Where Fabric CA puts a certificate's attributes; fabric-shim's ClientIdentity reads them from there. */
export const ATTRIBUTES_OID = "1.2.3.4.5.6.7.8.1";

/** The attribute that names an officer's roles, separated by commas. */
export const ROLE_ATTRIBUTE = "wanlian.role";

/** What an officer, or the department's node itself, may be inside its own department. */
export const ROLES = ["steward", "user", "auditor", "administrator", "node"] as const;
export type Role = (typeof ROLES)[number];
