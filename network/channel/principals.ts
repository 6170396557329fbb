import { SerializedIdentity } from "@wanlian/protocol/messages/msp.js";
import {
  Classification,
  type MSPPrincipal,
  MSPRole,
  MSPRoleType,
  type SignaturePolicyEnvelope,
} from "@wanlian/protocol/messages/policies.js";

/** The principals of a signature policy as people write them: `HealthMSP.peer`. */
export function principalsOf(envelope: SignaturePolicyEnvelope): string[] {
  return envelope.identities.map(principalInWords);
}

function principalInWords(principal: MSPPrincipal): string {
  switch (principal.principalClassification) {
    case Classification.ROLE: {
      const { mspIdentifier, role } = MSPRole.decode(principal.principal);
      const [name = "?"] = Object.entries(MSPRoleType).find(([, number]) => number === role) ?? [];
      return `${mspIdentifier}.${name.toLowerCase()}`;
    }
    case Classification.IDENTITY:
      return `one certificate of ${SerializedIdentity.decode(principal.principal).mspid}`;
    default:
      return `principal of kind ${principal.principalClassification}`;
  }
}
