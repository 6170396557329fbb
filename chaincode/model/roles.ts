/** Where Fabric CA puts a certificate's attributes; fabric-shim's ClientIdentity reads them from there. */
export const ATTRIBUTES_OID = "1.2.3.4.5.6.7.8.1";

/** The attribute that names an officer's roles, separated by commas. */
export const ROLE_ATTRIBUTE = "wanlian.role";

/** What an officer, or the department's node itself, may be inside its own department. */
export const ROLES = ["steward", "user", "auditor", "administrator", "node", "machine"] as const;
export type Role = (typeof ROLES)[number];

/**
 * Whether who acts is a machine: a department's system that acts without anybody present. Whatever other roles its certificate
 * gives, none of them counts from version 2 of the rules on; version 1 knows no machines, and the role gives nothing there.
 */
export const isMachine = (roles: readonly Role[]): boolean => roles.includes("machine");
