import { equalBytes } from "@wanlian/protocol/bytes.js";
import {
  ConfigGroup,
  ConfigPolicy,
  ConfigUpdate,
  ConfigValue,
  type ConfigGroup as Group,
} from "@wanlian/protocol/messages/configuration.js";
import { Policy } from "@wanlian/protocol/messages/policies.js";
import { NetworkError } from "../error.js";

/**
 * The update that turns one configuration into another: what is relied on, with its versions (read set), and what changes, with
 * its next versions (write set). Elements that do not change are named only where leaving them out would remove them. Throws
 * `INVALID_CONFIGURATION` if nothing changes.
 */
export function computeUpdate(channelId: string, before: Group, after: Group): ConfigUpdate {
  const difference = compareGroups(before, after);
  if (!difference)
    throw new NetworkError(
      "INVALID_CONFIGURATION",
      `The configuration of ${channelId} is as wanted already; there is nothing to update.`,
    );
  return ConfigUpdate.create({ channelId, readSet: difference.read, writeSet: difference.write });
}

interface Difference {
  readonly read: Group;
  readonly write: Group;
}

/** The read and write sets of a group that both have; undefined where it does not change. */
function compareGroups(before: Group, after: Group): Difference | undefined {
  const values = compareMembers(before.values, after.values, sameValue);
  const policies = compareMembers(before.policies, after.policies, samePolicy);
  const groups = new Map<string, Difference>();
  const sameGroups: string[] = [];
  for (const [name, member] of after.groups) {
    const original = before.groups.get(name);
    if (!original) continue;
    const difference = compareGroups(original, member);
    if (difference) groups.set(name, difference);
    else sameGroups.push(name);
  }
  const newGroups = [...after.groups].filter(([name]) => !before.groups.has(name));
  const lostGroups = [...before.groups.keys()].some((name) => !after.groups.has(name));
  const membersChange =
    values.membersChange ||
    policies.membersChange ||
    newGroups.length > 0 ||
    lostGroups ||
    before.modPolicy !== after.modPolicy;
  const changes = membersChange || values.changed.length > 0 || policies.changed.length > 0 || groups.size > 0;
  if (!changes) return undefined;

  const read = ConfigGroup.create({ version: before.version });
  const write = ConfigGroup.create({
    version: membersChange ? before.version + 1n : before.version,
    modPolicy: membersChange ? after.modPolicy : "",
  });
  for (const [name, difference] of groups) {
    read.groups.set(name, difference.read);
    write.groups.set(name, difference.write);
  }
  for (const [name, value] of values.changed) write.values.set(name, value);
  for (const [name, policy] of policies.changed) write.policies.set(name, policy);
  if (membersChange) {
    // A group whose version moves has exactly the members that are written.
    for (const [name, value] of values.same)
      named(read.values, write.values, name, ConfigValue.create({ version: value.version }));
    for (const [name, policy] of policies.same)
      named(read.policies, write.policies, name, ConfigPolicy.create({ version: policy.version }));
    for (const name of sameGroups) {
      const version = before.groups.get(name)?.version ?? 0n;
      named(read.groups, write.groups, name, ConfigGroup.create({ version }));
    }
    for (const [name, member] of newGroups) write.groups.set(name, atFirstVersion(member));
  }
  return { read, write };
}

interface Members<T> {
  /** Changed or new, with the version they get. */
  readonly changed: [string, T][];
  readonly same: [string, T][];
  readonly membersChange: boolean;
}

function compareMembers<T extends { version: bigint }>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
  equal: (left: T, right: T) => boolean,
): Members<T> {
  const changed: [string, T][] = [];
  const same: [string, T][] = [];
  let membersChange = [...before.keys()].some((name) => !after.has(name));
  for (const [name, member] of after) {
    const original = before.get(name);
    if (!original) {
      membersChange = true;
      changed.push([name, { ...member, version: 0n }]);
    } else if (equal(original, member)) {
      same.push([name, original]);
    } else {
      changed.push([name, { ...member, version: original.version + 1n }]);
    }
  }
  return { changed, same, membersChange };
}

function named<T>(read: Map<string, T>, write: Map<string, T>, name: string, member: T): void {
  read.set(name, member);
  write.set(name, member);
}

/** A new group begins with version 0 throughout. */
function atFirstVersion(group: Group): Group {
  return {
    ...group,
    version: 0n,
    groups: new Map([...group.groups].map(([name, member]) => [name, atFirstVersion(member)])),
    values: new Map([...group.values].map(([name, value]) => [name, { ...value, version: 0n }])),
    policies: new Map([...group.policies].map(([name, policy]) => [name, { ...policy, version: 0n }])),
  };
}

function sameValue(left: ConfigValue, right: ConfigValue): boolean {
  return left.modPolicy === right.modPolicy && equalBytes(left.value, right.value);
}

function samePolicy(left: ConfigPolicy, right: ConfigPolicy): boolean {
  if (left.modPolicy !== right.modPolicy || !left.policy || !right.policy) return left.policy === right.policy;
  return equalBytes(Policy.encode(left.policy), Policy.encode(right.policy));
}
