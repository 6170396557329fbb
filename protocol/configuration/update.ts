/** Configuration updates: computing one, checking one, and what follows from it (Fabric's common/configtx). */
import { concatBytes, equalBytes } from "../bytes.js";
import { ProtocolError } from "../errors.js";
import { type Envelope, Payload, SignatureHeader } from "../messages/common.js";
import {
  type Config,
  type ConfigEnvelope,
  ConfigGroup,
  ConfigUpdate,
  ConfigUpdateEnvelope,
} from "../messages/configuration.js";
import type { Policy, SignedData } from "../policies/policy.js";
import type { Bundle } from "./bundle.js";
import { type ConfigElement, type ElementMap, elementsOf, treeOf } from "./elements.js";
import { isConfigName } from "./paths.js";
import { assertSuccession } from "./succession.js";

const refused = (message: string): ProtocolError =>
  new ProtocolError("UPDATE_REFUSED", `configuration update refused: ${message}`);

/**
 * The configuration that an update (an envelope with a ConfigUpdateEnvelope) leads to, with its bundle.
 * @throws ProtocolError UPDATE_REFUSED when versions, mod_policies or signatures do not allow it, INVALID_CONFIGURATION when the result
 * is not one Fabric accepts.
 */
export async function proposeUpdate(current: Bundle, envelope: Envelope): Promise<ConfigEnvelope> {
  const channelGroup = await authorize(current, envelope);
  const config: Config = { sequence: current.sequence + 1n, channelGroup };
  assertSuccession(current, config);
  return { config, lastUpdate: envelope };
}

/**
 * Checks a configuration that was ordered against the one before: same rules, and the result must be equal.
 * @returns the bundle of the new configuration
 */
export async function applyConfig(current: Bundle, next: ConfigEnvelope): Promise<Bundle> {
  const { config, lastUpdate } = next;
  if (config?.channelGroup === undefined || lastUpdate === undefined) throw refused("it is incomplete");
  if (config.sequence !== current.sequence + 1n) {
    throw refused(`sequence ${config.sequence} where ${current.sequence + 1n} is expected`);
  }
  const expected = await authorize(current, lastUpdate);
  if (!equalBytes(ConfigGroup.encode(expected), ConfigGroup.encode(config.channelGroup))) {
    throw refused("the update does not lead to the configuration that was ordered");
  }
  return assertSuccession(current, config);
}

async function authorize(current: Bundle, envelope: Envelope): Promise<ConfigGroup> {
  const { configUpdate: updateBytes, signatures } = ConfigUpdateEnvelope.decode(Payload.decode(envelope.payload).data);
  const update = ConfigUpdate.decode(updateBytes);
  if (update.channelId !== current.channelId) throw refused(`it is for channel "${update.channelId}"`);
  const existing = elementsOf(current.group);
  const readSet = elementsOf(update.readSet);
  assertReadSet(readSet, existing);
  const writeSet = elementsOf(update.writeSet);
  const delta = deltaOf(readSet, writeSet);
  const signedData = signatures.map(({ signatureHeader, signature }) => ({
    identity: SignatureHeader.decode(signatureHeader).creator,
    data: concatBytes(signatureHeader, updateBytes),
    signature,
  }));
  await assertAllowed(current, delta, existing, signedData);
  const result = new Map([...existing, ...delta]);
  const unknown = [...writeSet.keys()].find((key) => !result.has(key));
  if (unknown !== undefined) throw refused(`${unknown} does not appear in the result`);
  return treeOf(result);
}

function assertReadSet(readSet: ElementMap, existing: ElementMap): void {
  for (const [key, { element }] of readSet) {
    const present = existing.get(key);
    if (present === undefined) throw refused(`it was computed with ${key}, which does not exist`);
    if (present.element.version !== element.version) {
      throw refused(
        `it was computed with ${key} at version ${element.version}, which is at ${present.element.version}`,
      );
    }
  }
}

/** What the write set changes: elements whose version is not that of the read set. */
function deltaOf(readSet: ElementMap, writeSet: ElementMap): ElementMap {
  return new Map([...writeSet].filter(([key, { element }]) => readSet.get(key)?.element.version !== element.version));
}

async function assertAllowed(
  current: Bundle,
  delta: ElementMap,
  existing: ElementMap,
  signatures: readonly SignedData[],
): Promise<void> {
  if (delta.size === 0) throw refused("it changes nothing");
  for (const [key, { element }] of delta) {
    assertModPolicy(key, element.modPolicy);
    const present = existing.get(key);
    if (present === undefined) {
      if (element.version !== 0n) throw refused(`new ${key} must have version 0, not ${element.version}`);
      continue;
    }
    if (element.version !== present.element.version + 1n) {
      throw refused(`${key} must go to version ${present.element.version + 1n}, not ${element.version}`);
    }
    const policy = modPolicyOf(current, present);
    if (policy === undefined) throw refused(`mod_policy ${present.element.modPolicy} of ${key} does not exist`);
    if (!(await policy.evaluate(signatures))) {
      throw refused(`the signatures do not satisfy ${present.element.modPolicy} for ${key}`);
    }
  }
}

function assertModPolicy(key: string, modPolicy: string): void {
  if (modPolicy === "") throw refused(`${key} has no mod_policy`);
  if (!modPolicy.replace(/^\//, "").split("/").every(isConfigName))
    throw refused(`mod_policy "${modPolicy}" of ${key}`);
}

/** A relative mod_policy is one of the element's own group: a group's own, a value's or policy's parent's. */
export function modPolicyOf(bundle: Bundle, { kind, path, name, element }: ConfigElement): Policy | undefined {
  const { modPolicy } = element;
  if (modPolicy.startsWith("/") || path.length === 0) return bundle.policies.policy(modPolicy);
  const groups = kind === "group" ? [...path, name] : path;
  return bundle.policies.descend(groups.slice(1))?.policy(modPolicy);
}
