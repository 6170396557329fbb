import type { ChannelBundle } from "@wanlian/protocol/configuration/channel-bundle.js";
import type { ConfigGroup } from "@wanlian/protocol/messages/configuration.js";
import {
  ApplicationPolicy,
  ImplicitMetaPolicy,
  ImplicitMetaPolicyRule,
  type MSPPrincipal,
  type Policy,
  PolicyType,
  type SignaturePolicy,
  SignaturePolicyEnvelope,
} from "@wanlian/protocol/messages/policies.js";

/**
 * The endorsement policy of a chaincode or collection as one signature policy, its channel reference resolved and implicit-meta policies
 * written out; undefined if there is no such policy. A reference has to be absolute, as for Fabric's validation.
 */
export function signaturePolicyOf(
  applicationPolicy: Uint8Array,
  config: ChannelBundle,
): SignaturePolicyEnvelope | undefined {
  const { signaturePolicy, channelConfigPolicyReference } = ApplicationPolicy.decode(applicationPolicy);
  if (signaturePolicy !== undefined) return signaturePolicy;
  if (channelConfigPolicyReference === undefined) return undefined;
  const [root, channel, ...path] = channelConfigPolicyReference.split("/");
  const name = path.pop();
  if (root !== "" || channel !== "Channel" || name === undefined) return undefined;
  let group = config.config.channelGroup;
  for (const step of path) group = group?.groups.get(step);
  return group && policyOf(group, name);
}

function policyOf(group: ConfigGroup, name: string): SignaturePolicyEnvelope | undefined {
  const policy = group.policies.get(name)?.policy;
  return policy && converted(policy, group);
}

function converted({ type, value }: Policy, group: ConfigGroup): SignaturePolicyEnvelope | undefined {
  if (type === PolicyType.SIGNATURE) return SignaturePolicyEnvelope.decode(value);
  if (type !== PolicyType.IMPLICIT_META) return undefined;
  const { subPolicy, rule } = ImplicitMetaPolicy.decode(value);
  const identities: MSPPrincipal[] = [];
  const rules: SignaturePolicy[] = [];
  for (const child of group.groups.values()) {
    const sub = policyOf(child, subPolicy);
    // A group without the policy can never contribute, but counts towards the majority all the same.
    if (sub?.rule !== undefined) rules.push(shifted(sub.rule, identities.length));
    identities.push(...(sub?.identities ?? []));
  }
  const n = thresholdOf(rule, group.groups.size);
  return SignaturePolicyEnvelope.create({ identities, rule: { signedBy: undefined, nOutOf: { n, rules } } });
}

function thresholdOf(rule: number, groups: number): number {
  if (groups === 0) return 0;
  if (rule === ImplicitMetaPolicyRule.ANY) return 1;
  return rule === ImplicitMetaPolicyRule.ALL ? groups : Math.floor(groups / 2) + 1;
}

/** The same rule with its identities standing `by` places further back. */
function shifted({ signedBy, nOutOf }: SignaturePolicy, by: number): SignaturePolicy {
  return {
    signedBy: signedBy === undefined ? undefined : signedBy + by,
    nOutOf: nOutOf && { n: nOutOf.n, rules: nOutOf.rules.map((rule) => shifted(rule, by)) },
  };
}
