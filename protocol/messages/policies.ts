/** Policies and principals: common/policies.proto, msp/msp_principal.proto, peer/policy.proto. */
import {
  bytes,
  type Decoded,
  enumeration,
  int32,
  type Message,
  type MessageType,
  message,
  nested,
  oneof,
  repeatedNested,
  string,
} from "../codec.js";

export const PolicyType = { UNKNOWN: 0, SIGNATURE: 1, MSP: 2, IMPLICIT_META: 3 } as const;

export const ImplicitMetaPolicyRule = { ANY: 0, ALL: 1, MAJORITY: 2 } as const;

export const Classification = { ROLE: 0, ORGANIZATION_UNIT: 1, IDENTITY: 2, ANONYMITY: 3, COMBINED: 4 } as const;

export const MSPRoleType = { MEMBER: 0, ADMIN: 1, CLIENT: 2, PEER: 3, ORDERER: 4 } as const;

export const MSPIdentityAnonymityType = { NOMINAL: 0, ANONYMOUS: 1 } as const;

export const Policy = message({ type: int32(1), value: bytes(2) });
export type Policy = Decoded<typeof Policy>;

export interface NOutOf extends Message {
  n: number;
  rules: SignaturePolicy[];
}
export const NOutOf: MessageType<NOutOf> = message<NOutOf>({
  n: int32(1),
  rules: repeatedNested<SignaturePolicy>(2, () => SignaturePolicy),
});

/** A oneof: an identity's index, or n of some rules. */
export interface SignaturePolicy extends Message {
  signedBy: number | undefined;
  nOutOf: NOutOf | undefined;
}
export const SignaturePolicy: MessageType<SignaturePolicy> = message<SignaturePolicy>(
  oneof({ signedBy: int32(1), nOutOf: nested(2, NOutOf) }),
);

export const MSPPrincipal = message({ principalClassification: enumeration(1), principal: bytes(2) });
export type MSPPrincipal = Decoded<typeof MSPPrincipal>;

export const SignaturePolicyEnvelope = message({
  version: int32(1),
  rule: nested(2, SignaturePolicy),
  identities: repeatedNested(3, MSPPrincipal),
});
export type SignaturePolicyEnvelope = Decoded<typeof SignaturePolicyEnvelope>;

export const ImplicitMetaPolicy = message({ subPolicy: string(1), rule: enumeration(2) });
export type ImplicitMetaPolicy = Decoded<typeof ImplicitMetaPolicy>;

export const ApplicationPolicy = message({
  ...oneof({ signaturePolicy: nested(1, SignaturePolicyEnvelope), channelConfigPolicyReference: string(2) }),
});
export type ApplicationPolicy = Decoded<typeof ApplicationPolicy>;

export const OrganizationUnit = message({
  mspIdentifier: string(1),
  organizationalUnitIdentifier: string(2),
  certifiersIdentifier: bytes(3),
});
export type OrganizationUnit = Decoded<typeof OrganizationUnit>;

export const MSPRole = message({ mspIdentifier: string(1), role: enumeration(2) });
export type MSPRole = Decoded<typeof MSPRole>;

export const MSPIdentityAnonymity = message({ anonymityType: enumeration(1) });
export type MSPIdentityAnonymity = Decoded<typeof MSPIdentityAnonymity>;

export const CombinedPrincipal = message({ principals: repeatedNested(1, MSPPrincipal) });
export type CombinedPrincipal = Decoded<typeof CombinedPrincipal>;
