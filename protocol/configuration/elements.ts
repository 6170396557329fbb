import { ProtocolError } from "../errors.js";
import type { ConfigGroup, ConfigPolicy, ConfigValue } from "../messages/configuration.js";
import { GroupName, isConfigName } from "./paths.js";

interface Place {
  /** Names of the groups above it, from `Channel` on; empty for the channel group itself. */
  readonly path: readonly string[];
  readonly name: string;
}

/** A part of a configuration that has a version and a mod_policy of its own. */
export type ConfigElement = Place &
  (
    | { readonly kind: "group"; readonly element: ConfigGroup }
    | { readonly kind: "value"; readonly element: ConfigValue }
    | { readonly kind: "policy"; readonly element: ConfigPolicy }
  );

/** Elements by kind and path. */
export type ElementMap = ReadonlyMap<string, ConfigElement>;

export const elementKey = (kind: ConfigElement["kind"], path: readonly string[], name: string): string =>
  `${kind} /${[...path, name].join("/")}`;

/**
 * Every element of a configuration tree.
 * @throws ProtocolError INVALID_CONFIGURATION for a name that Fabric does not allow.
 */
export function elementsOf(root: ConfigGroup | undefined): ElementMap {
  const found = new Map<string, ConfigElement>();
  if (root !== undefined) collect({ kind: "group", path: [], name: GroupName.CHANNEL, element: root }, found);
  return found;
}

function collect(element: ConfigElement, found: Map<string, ConfigElement>): void {
  if (!isConfigName(element.name)) {
    throw new ProtocolError("INVALID_CONFIGURATION", `"${element.name}" is not a name that a configuration may hold`);
  }
  found.set(elementKey(element.kind, element.path, element.name), element);
  if (element.kind !== "group") return;
  const path = [...element.path, element.name];
  for (const [name, group] of element.element.groups) collect({ kind: "group", path, name, element: group }, found);
  for (const [name, value] of element.element.values) collect({ kind: "value", path, name, element: value }, found);
  for (const [name, policy] of element.element.policies)
    collect({ kind: "policy", path, name, element: policy }, found);
}

/** Fabric's default for elements that name no mod_policy, once the orderer has capabilities. */
const DEFAULT_MOD_POLICY = "Admins";

/**
 * The tree that the elements make, from the root's members down; what no group names falls away.
 * @throws ProtocolError UPDATE_REFUSED where a group names a member that is not there.
 */
export function treeOf(elements: ElementMap): ConfigGroup {
  const fillIn = elements.has("value /Channel/Orderer/Capabilities");
  return group([], GroupName.CHANNEL, elements, fillIn ? DEFAULT_MOD_POLICY : "");
}

function group(path: readonly string[], name: string, elements: ElementMap, modPolicy: string): ConfigGroup {
  const own = groupAt(path, name, elements);
  const inside = [...path, name];
  const filled = <T extends { modPolicy: string }>(element: T): T => ({
    ...element,
    modPolicy: element.modPolicy || modPolicy,
  });
  return {
    ...filled(own),
    groups: new Map([...own.groups.keys()].map((key) => [key, group(inside, key, elements, modPolicy)])),
    values: new Map([...own.values.keys()].map((key) => [key, filled(valueAt(inside, key, elements))])),
    policies: new Map([...own.policies.keys()].map((key) => [key, filled(policyAt(inside, key, elements))])),
  };
}

function groupAt(path: readonly string[], name: string, elements: ElementMap): ConfigGroup {
  const found = elements.get(elementKey("group", path, name));
  return found?.kind === "group" ? found.element : missing("group", path, name);
}

function valueAt(path: readonly string[], name: string, elements: ElementMap): ConfigValue {
  const found = elements.get(elementKey("value", path, name));
  return found?.kind === "value" ? found.element : missing("value", path, name);
}

function policyAt(path: readonly string[], name: string, elements: ElementMap): ConfigPolicy {
  const found = elements.get(elementKey("policy", path, name));
  return found?.kind === "policy" ? found.element : missing("policy", path, name);
}

function missing(kind: ConfigElement["kind"], path: readonly string[], name: string): never {
  throw new ProtocolError("UPDATE_REFUSED", `the update leaves out ${elementKey(kind, path, name)}`);
}
