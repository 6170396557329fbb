import type { MessageType } from "../codec.js";
import { ProtocolError } from "../errors.js";
import {
  BatchSize,
  BatchTimeout,
  type ConfigGroup,
  ConsensusType,
  ConsensusTypeState,
  OrdererAddresses,
} from "../messages/configuration.js";
import type { OrdererOrganization, OrdererSettings, Organization } from "./channel-bundle.js";
import { parseDuration } from "./duration.js";
import { ValueName } from "./paths.js";

const wrong = (what: string): ProtocolError =>
  new ProtocolError("INVALID_CONFIGURATION", `the channel configuration is not valid: ${what}`);

function required<T extends object>(group: ConfigGroup, name: string, type: MessageType<T>): T {
  const value = group.values.get(name);
  if (value === undefined) throw wrong(`the Orderer group has no ${name}`);
  return type.decode(value.value);
}

/**
 * What the Orderer group says, under Fabric's rules on batches and endpoints.
 * @throws ProtocolError INVALID_CONFIGURATION
 */
export function readOrdererSettings(
  group: ConfigGroup,
  organizations: ReadonlyMap<ConfigGroup, Organization>,
  v3: boolean,
): OrdererSettings {
  const consensus = required(group, ValueName.CONSENSUS_TYPE, ConsensusType);
  const size = required(group, ValueName.BATCH_SIZE, BatchSize);
  if (size.maxMessageCount === 0 || size.absoluteMaxBytes === 0 || size.preferredMaxBytes === 0) {
    throw wrong("every batch limit must be above zero");
  }
  if (size.preferredMaxBytes > size.absoluteMaxBytes) {
    throw wrong(`preferred_max_bytes ${size.preferredMaxBytes} is above absolute_max_bytes ${size.absoluteMaxBytes}`);
  }
  const { timeout } = required(group, ValueName.BATCH_TIMEOUT, BatchTimeout);
  const milliseconds = parseDuration(timeout);
  if (milliseconds === undefined || milliseconds <= 0) throw wrong(`batch timeout "${timeout}"`);
  return {
    consensusType: consensus.type,
    consensusMetadata: consensus.metadata,
    maintenance: consensus.state === ConsensusTypeState.STATE_MAINTENANCE,
    maxMessageCount: size.maxMessageCount,
    absoluteMaxBytes: size.absoluteMaxBytes,
    preferredMaxBytes: size.preferredMaxBytes,
    batchTimeoutMilliseconds: milliseconds,
    organizations: ordererOrganizations(group, organizations, v3),
  };
}

function ordererOrganizations(
  group: ConfigGroup,
  organizations: ReadonlyMap<ConfigGroup, Organization>,
  v3: boolean,
): OrdererOrganization[] {
  return [...group.groups].map(([name, member]) => {
    const organization = organizations.get(member);
    if (organization === undefined) throw wrong(`orderer organization ${name} is missing`);
    const value = member.values.get(ValueName.ENDPOINTS)?.value;
    const endpoints = value === undefined ? [] : OrdererAddresses.decode(value).addresses;
    if (v3 && endpoints.length === 0) throw wrong(`orderer organization ${name} has no endpoints`);
    return { ...organization, endpoints };
  });
}
