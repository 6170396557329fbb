import { ProtocolError } from "../errors.js";
import { Capabilities, type ConfigGroup } from "../messages/configuration.js";
import { ValueName } from "./paths.js";

/**
 * Capabilities are how a channel says which rules its members must know. Whoever does not know one must stop, or it would fork. Known here:
 * those of Fabric 2.0 to 3.1; the rules before 2.0 are not implemented.
 */
const KNOWN = {
  channel: ["V1_1", "V1_3", "V1_4_2", "V1_4_3", "V2_0", "V3_0"],
  orderer: ["V1_1", "V1_4_2", "V2_0"],
  application: ["V1_1", "V1_2", "V1_3", "V1_4_2", "V2_0", "V2_5"],
} as const;

const wrong = (what: string): ProtocolError =>
  new ProtocolError("INVALID_CONFIGURATION", `the channel configuration is not valid: ${what}`);

function capabilitiesOf(part: keyof typeof KNOWN, group: ConfigGroup): ReadonlySet<string> {
  const value = group.values.get(ValueName.CAPABILITIES);
  const names = new Set(value === undefined ? [] : Capabilities.decode(value.value).capabilities.keys());
  const known: readonly string[] = KNOWN[part];
  const unknown = [...names].filter((name) => !known.includes(name));
  if (unknown.length > 0) throw wrong(`${part} capability ${unknown.join(", ")} is not supported here`);
  return names;
}

/** @throws ProtocolError INVALID_CONFIGURATION for one that is not known, or rules older than those of Fabric 2.0 */
export function channelCapabilities(group: ConfigGroup): ReadonlySet<string> {
  const names = capabilitiesOf("channel", group);
  if (!["V1_4_3", "V2_0", "V3_0"].some((name) => names.has(name)))
    throw wrong("channel capability V2_0 or V3_0 is needed");
  return names;
}

/** @throws ProtocolError INVALID_CONFIGURATION */
export function applicationCapabilities(group: ConfigGroup): ReadonlySet<string> {
  const names = capabilitiesOf("application", group);
  if (!names.has("V2_0") && !names.has("V2_5")) throw wrong("application capability V2_0 or V2_5 is needed");
  return names;
}

/** @throws ProtocolError INVALID_CONFIGURATION */
export function assertOrdererCapabilities(group: ConfigGroup): void {
  if (!capabilitiesOf("orderer", group).has("V2_0")) throw wrong("orderer capability V2_0 is needed");
}
