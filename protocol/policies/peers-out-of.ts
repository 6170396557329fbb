import {
  Classification,
  type MSPPrincipal,
  MSPRole,
  MSPRoleType,
  type Policy,
  PolicyType,
  SignaturePolicyEnvelope,
} from "../messages/policies.js";

/** A policy of the form "k of these organizations' peers". */
export interface PeersOutOf {
  readonly k: number;
  /** MSP ids whose peers count, each once, sorted. */
  readonly departments: readonly string[];
}

/** Undefined for a policy of another form. @throws ProtocolError where it does not decode */
export function peersOutOf(policy: Policy | undefined): PeersOutOf | undefined {
  if (policy?.type !== PolicyType.SIGNATURE) return undefined;
  const { rule, identities } = SignaturePolicyEnvelope.decode(policy.value);
  const outOf = rule?.nOutOf;
  if (outOf === undefined) return undefined;
  const departments = outOf.rules.map(({ signedBy }) => peerDepartment(identities[signedBy ?? -1]));
  const named = departments.filter((department) => department !== undefined);
  if (named.length !== departments.length || new Set(named).size !== named.length) return undefined;
  return { k: outOf.n, departments: named.sort() };
}

function peerDepartment(principal: MSPPrincipal | undefined): string | undefined {
  if (principal?.principalClassification !== Classification.ROLE) return undefined;
  const { mspIdentifier, role } = MSPRole.decode(principal.principal);
  return role === MSPRoleType.PEER ? mspIdentifier : undefined;
}
