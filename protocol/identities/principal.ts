import { equalBytes } from "../bytes.js";
import {
  Classification,
  CombinedPrincipal,
  MSPIdentityAnonymity,
  MSPIdentityAnonymityType,
  type MSPPrincipal,
  MSPRole,
  MSPRoleType,
  OrganizationUnit,
} from "../messages/policies.js";
import type { X509Identity } from "./x509-identity.js";

/**
 * Whether an identity is what a principal asks for.
 * @throws ProtocolError when the principal does not decode.
 */
export function satisfiesPrincipal(identity: X509Identity, principal: MSPPrincipal): boolean {
  switch (principal.principalClassification) {
    case Classification.COMBINED: {
      const { principals } = CombinedPrincipal.decode(principal.principal);
      return principals.length > 0 && principals.every((one) => satisfiesPrincipal(identity, one));
    }
    case Classification.ROLE:
      return hasRole(identity, MSPRole.decode(principal.principal));
    case Classification.ORGANIZATION_UNIT:
      return hasUnit(identity, OrganizationUnit.decode(principal.principal));
    case Classification.IDENTITY:
      return isIdentity(identity, principal.principal);
    case Classification.ANONYMITY:
      // Every X.509 identity is nominal, whether valid or not.
      return MSPIdentityAnonymity.decode(principal.principal).anonymityType === MSPIdentityAnonymityType.NOMINAL;
    default:
      return false;
  }
}

function hasRole(identity: X509Identity, { mspIdentifier, role }: MSPRole): boolean {
  if (mspIdentifier !== identity.mspId) return false;
  const { nodeUnits } = identity.msp;
  switch (role) {
    case MSPRoleType.MEMBER:
      return identity.valid;
    case MSPRoleType.ADMIN:
      // An administrator by name is not validated again (Fabric's isInAdmins).
      if (identity.msp.isExplicitAdmin(identity.certificate)) return true;
      return identity.valid && identity.hasUnit(nodeUnits?.admin);
    case MSPRoleType.CLIENT:
      return identity.valid && identity.hasUnit(nodeUnits?.client);
    case MSPRoleType.PEER:
      return identity.valid && identity.hasUnit(nodeUnits?.peer);
    case MSPRoleType.ORDERER:
      return identity.valid && identity.hasUnit(nodeUnits?.orderer);
    default:
      return false;
  }
}

function hasUnit(identity: X509Identity, wanted: OrganizationUnit): boolean {
  return (
    wanted.mspIdentifier === identity.mspId &&
    identity.valid &&
    identity.units.some(
      (unit) =>
        unit.name === wanted.organizationalUnitIdentifier && equalBytes(unit.certifier, wanted.certifiersIdentifier),
    )
  );
}

function isIdentity(identity: X509Identity, serialized: Uint8Array): boolean {
  const wanted = identity.msp.deserialize(serialized);
  if (!wanted.certificate.equals(identity.certificate)) return false;
  wanted.validate();
  return true;
}
