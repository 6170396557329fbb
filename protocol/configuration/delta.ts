/** Computing a configuration update from a present and a wanted configuration, as Fabric's configtxlator does. */
import { equalBytes } from "../bytes.js";
import { ProtocolError } from "../errors.js";
import { ConfigGroup, type ConfigPolicy, ConfigUpdate, type ConfigValue } from "../messages/configuration.js";
import { Policy } from "../messages/policies.js";

type Leaf = ConfigValue | ConfigPolicy;

interface Sets {
  readonly read: ConfigGroup;
  readonly write: ConfigGroup;
  readonly changed: boolean;
}

/**
 * The update that turns one channel group into the other. Versions in `wanted` do not matter.
 * @throws ProtocolError UPDATE_REFUSED when the two are the same.
 */
export function computeUpdate(channelId: string, present: ConfigGroup, wanted: ConfigGroup): ConfigUpdate {
  const { read, write, changed } = compareGroups(present, wanted);
  if (!changed) throw new ProtocolError("UPDATE_REFUSED", "configuration update: there is nothing to change");
  return ConfigUpdate.create({ channelId, readSet: read, writeSet: write });
}

/**
 * A group whose members (names) or mod_policy change gets a new version and then lists all its members; otherwise only what changed inside
 * it appears.
 */
function compareGroups(present: ConfigGroup, wanted: ConfigGroup): Sets {
  const values = compareLeaves(present.values, wanted.values, sameValue);
  const policies = compareLeaves(present.policies, wanted.policies, samePolicy);
  const groups = compareSubGroups(present.groups, wanted.groups);
  const reshaped = values.reshaped || policies.reshaped || groups.reshaped || present.modPolicy !== wanted.modPolicy;
  const changed = reshaped || values.written.size > 0 || policies.written.size > 0 || groups.written.size > 0;
  const version = present.version;
  if (!reshaped) {
    return {
      changed,
      read: ConfigGroup.create({ version, groups: groups.read }),
      write: ConfigGroup.create({
        version,
        values: values.written,
        policies: policies.written,
        groups: groups.written,
      }),
    };
  }
  return {
    changed,
    read: ConfigGroup.create({
      version,
      values: values.kept,
      policies: policies.kept,
      groups: new Map([...groups.kept, ...groups.read]),
    }),
    write: ConfigGroup.create({
      version: version + 1n,
      modPolicy: wanted.modPolicy,
      values: new Map([...values.kept, ...values.written]),
      policies: new Map([...policies.kept, ...policies.written]),
      groups: new Map([...groups.kept, ...groups.written]),
    }),
  };
}

function compareLeaves<T extends Leaf>(
  present: ReadonlyMap<string, T>,
  wanted: ReadonlyMap<string, T>,
  same: (left: T, right: T) => boolean,
): { kept: Map<string, T>; written: Map<string, T>; reshaped: boolean } {
  const kept = new Map<string, T>();
  const written = new Map<string, T>();
  for (const [name, leaf] of wanted) {
    const before = present.get(name);
    if (before === undefined) written.set(name, { ...leaf, version: 0n });
    else if (same(before, leaf)) kept.set(name, mention(before));
    else written.set(name, { ...leaf, version: before.version + 1n });
  }
  const reshaped = present.size !== wanted.size || [...wanted.keys()].some((name) => !present.has(name));
  return { kept, written, reshaped };
}

/** An unchanged element in a read or write set is its version alone. */
function mention<T extends Leaf>(leaf: T): T {
  return "policy" in leaf
    ? { ...leaf, policy: undefined, modPolicy: "" }
    : { ...leaf, value: new Uint8Array(0), modPolicy: "" };
}

function compareSubGroups(
  present: ReadonlyMap<string, ConfigGroup>,
  wanted: ReadonlyMap<string, ConfigGroup>,
): {
  kept: Map<string, ConfigGroup>;
  read: Map<string, ConfigGroup>;
  written: Map<string, ConfigGroup>;
  reshaped: boolean;
} {
  const kept = new Map<string, ConfigGroup>();
  const read = new Map<string, ConfigGroup>();
  const written = new Map<string, ConfigGroup>();
  for (const [name, group] of wanted) {
    const before = present.get(name);
    if (before === undefined) {
      written.set(name, fresh(group));
      continue;
    }
    const sets = compareGroups(before, group);
    if (!sets.changed) kept.set(name, ConfigGroup.create({ version: before.version }));
    else {
      read.set(name, sets.read);
      written.set(name, sets.write);
    }
  }
  const reshaped = present.size !== wanted.size || [...wanted.keys()].some((name) => !present.has(name));
  return { kept, read, written, reshaped };
}

/** A new group: everything in it begins at version 0. */
function fresh(group: ConfigGroup): ConfigGroup {
  return {
    ...group,
    version: 0n,
    groups: new Map([...group.groups].map(([name, child]) => [name, fresh(child)])),
    values: new Map([...group.values].map(([name, value]) => [name, { ...value, version: 0n }])),
    policies: new Map([...group.policies].map(([name, policy]) => [name, { ...policy, version: 0n }])),
  };
}

const sameValue = (left: ConfigValue, right: ConfigValue): boolean =>
  left.modPolicy === right.modPolicy && equalBytes(left.value, right.value);

const samePolicy = (left: ConfigPolicy, right: ConfigPolicy): boolean =>
  left.modPolicy === right.modPolicy && equalBytes(Policy.encode(left.policy ?? {}), Policy.encode(right.policy ?? {}));
