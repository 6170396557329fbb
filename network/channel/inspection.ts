import type { ConfigGroup, ConfigPolicy, ConfigUpdate, ConfigValue } from "@wanlian/protocol/messages/configuration.js";
import { NetworkError } from "../error.js";

/** One thing that an update changes. `path` is the group's, `/Channel/Application` for example. */
export type Change =
  | { readonly kind: "group added"; readonly path: string; readonly name: string; readonly group: ConfigGroup }
  | { readonly kind: "group removed"; readonly path: string; readonly name: string; readonly group: ConfigGroup }
  | {
      readonly kind: "value";
      readonly path: string;
      readonly name: string;
      readonly before: ConfigValue | undefined;
      readonly after: ConfigValue | undefined;
    }
  | {
      readonly kind: "policy";
      readonly path: string;
      readonly name: string;
      readonly before: ConfigPolicy | undefined;
      readonly after: ConfigPolicy | undefined;
    }
  | { readonly kind: "change rule"; readonly path: string; readonly before: string; readonly after: string };

/**
 * What an update does to the configuration in force, found from the update's own bytes, so that whoever is asked to sign need
 * not believe a description. Throws `INVALID_CONFIGURATION` if the update was made for another state of the configuration.
 */
export function changesIn(current: ConfigGroup, update: ConfigUpdate): Change[] {
  if (!update.writeSet)
    throw new NetworkError("INVALID_CONFIGURATION", { zh: "该更新不写任何内容。", en: "The update writes nothing." });
  return groupChanges("/Channel", current, update.writeSet);
}

function groupChanges(path: string, current: ConfigGroup, written: ConfigGroup): Change[] {
  expectVersion(path, current.version, written.version);
  const replaces = written.version === current.version + 1n;
  const changes: Change[] = [];
  if (replaces && written.modPolicy !== current.modPolicy)
    changes.push({ kind: "change rule", path, before: current.modPolicy, after: written.modPolicy });
  for (const [name, member] of written.groups) {
    const original = current.groups.get(name);
    if (original) changes.push(...groupChanges(`${path}/${name}`, original, member));
    else changes.push({ kind: "group added", path, name, group: member });
  }
  if (replaces)
    for (const [name, group] of current.groups)
      if (!written.groups.has(name)) changes.push({ kind: "group removed", path, name, group });
  for (const [before, after, name] of changedMembers(path, current.values, written.values, replaces))
    changes.push({ kind: "value", path, name, before, after });
  for (const [before, after, name] of changedMembers(path, current.policies, written.policies, replaces))
    changes.push({ kind: "policy", path, name, before, after });
  return changes;
}

function* changedMembers<T extends { version: bigint }>(
  path: string,
  current: ReadonlyMap<string, T>,
  written: ReadonlyMap<string, T>,
  replaces: boolean,
): Generator<[before: T | undefined, after: T | undefined, name: string]> {
  for (const [name, member] of written) {
    const original = current.get(name);
    if (original) expectVersion(`${path}/${name}`, original.version, member.version);
    if (original?.version !== member.version) yield [original, member, name];
  }
  if (!replaces) return;
  for (const [name, original] of current) if (!written.has(name)) yield [original, undefined, name];
}

function expectVersion(path: string, current: bigint, written: bigint): void {
  if (written === current || written === current + 1n) return;
  throw new NetworkError(
    "INVALID_CONFIGURATION",
    {
      zh: `该更新是针对另一状态的配置制作的：${path} 现为版本 ${current}，更新写入的是 ${written}。请重新制作。`,
      en: `The update was made for another state of the configuration: ${path} is at version ${current}, the update writes ${written}. Make it anew.`,
    },
    { details: { path, current: current.toString(), written: written.toString() } },
  );
}
