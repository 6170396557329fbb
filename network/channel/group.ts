import type { MessageType } from "@wanlian/protocol/codec.js";
import { ConfigGroup, ConfigPolicy, ConfigValue } from "@wanlian/protocol/messages/configuration.js";
import type { Policy } from "@wanlian/protocol/messages/policies.js";
import { POLICY } from "./policies.js";

/** Everything in the configuration is changed by the administrators of the group it stands in. */
const MOD_POLICY = POLICY.admins;

/** The parts of a new configuration group. */
export interface GroupParts {
  readonly groups?: Readonly<Record<string, ConfigGroup>>;
  readonly values?: Readonly<Record<string, Uint8Array>>;
  readonly policies?: Readonly<Record<string, Policy>>;
}

/** A configuration group at version 0. */
export function configGroup({ groups = {}, values = {}, policies = {} }: GroupParts): ConfigGroup {
  return ConfigGroup.create({
    version: 0n,
    groups: new Map(Object.entries(groups)),
    values: new Map(Object.entries(values).map(([name, value]) => [name, configValue(value)])),
    policies: new Map(Object.entries(policies).map(([name, policy]) => [name, configPolicy(policy)])),
    modPolicy: MOD_POLICY,
  });
}

export function configValue(value: Uint8Array): ConfigValue {
  return ConfigValue.create({ value, modPolicy: MOD_POLICY });
}

export function configPolicy(policy: Policy): ConfigPolicy {
  return ConfigPolicy.create({ policy, modPolicy: MOD_POLICY });
}

/** A copy of `group` in which `values` stand instead of those of the same names. Versions are `computeUpdate`'s business. */
export function withValues(group: ConfigGroup, values: Readonly<Record<string, Uint8Array>>): ConfigGroup {
  const changed = new Map(group.values);
  for (const [name, value] of Object.entries(values)) {
    const before = group.values.get(name);
    changed.set(name, before ? { ...before, value } : configValue(value));
  }
  return { ...group, values: changed };
}

/** Likewise for policies. */
export function withPolicies(group: ConfigGroup, policies: Readonly<Record<string, Policy>>): ConfigGroup {
  const changed = new Map(group.policies);
  for (const [name, policy] of Object.entries(policies)) {
    const before = group.policies.get(name);
    changed.set(name, before ? { ...before, policy } : configPolicy(policy));
  }
  return { ...group, policies: changed };
}

/** A copy of `group` in which the sub-group `name` is another, or none. */
export function withGroup(group: ConfigGroup, name: string, member: ConfigGroup | undefined): ConfigGroup {
  const groups = new Map(group.groups);
  if (member) groups.set(name, member);
  else groups.delete(name);
  return { ...group, groups };
}

/** The value of that name, decoded; undefined where it is absent. */
export function decodedValue<T extends object>(group: ConfigGroup, name: string, type: MessageType<T>): T | undefined {
  const value = group.values.get(name);
  return value && type.decode(value.value);
}
