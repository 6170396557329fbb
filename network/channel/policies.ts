import { SerializedIdentity } from "@wanlian/protocol/messages/msp.js";
import {
  Classification,
  ImplicitMetaPolicy,
  ImplicitMetaPolicyRule,
  MSPPrincipal,
  MSPRole,
  MSPRoleType,
  Policy,
  PolicyType,
  SignaturePolicyEnvelope,
} from "@wanlian/protocol/messages/policies.js";

/** Names that configuration policies have in this project's channels. */
export const POLICY = {
  readers: "Readers",
  writers: "Writers",
  admins: "Admins",
  endorsement: "Endorsement",
  lifecycleEndorsement: "LifecycleEndorsement",
  /** The contracts' endorsement policy, k departments of n. */
  records: "Records",
  blockValidation: "BlockValidation",
  /** In each orderer organisation: its orderers, and nobody else, sign blocks. */
  blockSigners: "BlockSigners",
} as const;

/** What chaincode definitions name as their endorsement policy. Absolute: Fabric takes a relative one and then fails every transaction. */
export const RECORDS_REFERENCE = `/Channel/Application/${POLICY.records}`;

export type Role = keyof typeof MSPRoleType;

/** Whoever has `role` in the organisation. */
export function principal(mspId: string, role: Role): MSPPrincipal {
  return MSPPrincipal.create({
    principalClassification: Classification.ROLE,
    principal: MSPRole.encode({ mspIdentifier: mspId, role: MSPRoleType[role] }),
  });
}

/** The holder of one certificate (PEM). */
export function holder(mspId: string, certificate: Uint8Array): MSPPrincipal {
  return MSPPrincipal.create({
    principalClassification: Classification.IDENTITY,
    principal: SerializedIdentity.encode({ mspid: mspId, idBytes: certificate }),
  });
}

/** Signatures of `n` of these. */
export function outOf(n: number, principals: readonly MSPPrincipal[]): Policy {
  const rules = principals.map((_, index) => ({ signedBy: index }));
  const envelope = SignaturePolicyEnvelope.encode({
    version: 0,
    rule: { nOutOf: { n, rules } },
    identities: principals,
  });
  return Policy.create({ type: PolicyType.SIGNATURE, value: envelope });
}

/** A signature of anybody who has one of these roles in the organisation. */
export function anyOf(mspId: string, ...roles: readonly Role[]): Policy {
  return outOf(
    1,
    roles.map((role) => principal(mspId, role)),
  );
}

/** ANY, ALL or MAJORITY of the sub-groups' policy of that name. */
export function subGroups(rule: keyof typeof ImplicitMetaPolicyRule, subPolicy: string): Policy {
  return Policy.create({
    type: PolicyType.IMPLICIT_META,
    value: ImplicitMetaPolicy.encode({ subPolicy, rule: ImplicitMetaPolicyRule[rule] }),
  });
}

/** The policy `Records`: peers of `endorsements` of these departments. */
export function recordsPolicy(endorsements: number, mspIds: readonly string[]): Policy {
  return outOf(
    endorsements,
    mspIds.map((mspId) => principal(mspId, "PEER")),
  );
}
