import { HeaderType } from "@wanlian/protocol/messages/common.js";
import { Config, ConfigEnvelope, type ConfigGroup } from "@wanlian/protocol/messages/configuration.js";
import { FabricMSPConfig, MSPConfig } from "@wanlian/protocol/messages/msp.js";
import {
  Classification,
  type MSPPrincipal,
  MSPRole,
  MSPRoleType,
  PolicyType,
  SignaturePolicyEnvelope,
} from "@wanlian/protocol/messages/policies.js";
import type { TransactionHeaders } from "../ledger/index.js";

/** Application group's policy that the contracts' endorsement refers to. */
const RECORDS_POLICY = "Records";

/** What the acts have a say in, of a channel's configuration. */
export interface ChannelView {
  readonly sequence: number;
  /** MSP ids of the Application group, sorted. */
  readonly members: readonly string[];
  /** Undefined if there is no such policy or it has another form than "k of these departments' peers". */
  readonly records: RecordsPolicy | undefined;
}

export interface RecordsPolicy {
  readonly k: number;
  /** MSP ids whose peers count, sorted. */
  readonly departments: readonly string[];
}

/** The configuration in a CONFIG transaction; undefined for other types. @throws ProtocolError */
export function readConfiguration(headers: TransactionHeaders): Uint8Array | undefined {
  if (headers.type !== HeaderType.CONFIG) return undefined;
  const { config } = ConfigEnvelope.decode(headers.data);
  return config === undefined ? undefined : Config.encode(config);
}

/** @throws ProtocolError */
export function viewChannel(configuration: Uint8Array): ChannelView {
  const { sequence, channelGroup } = Config.decode(configuration);
  const application = channelGroup?.groups.get("Application");
  return {
    sequence: Number(sequence),
    members: [...(application?.groups.values() ?? [])].map(mspIdOf).sort(),
    records: readRecords(application),
  };
}

function mspIdOf(organization: ConfigGroup): string {
  const value = organization.values.get("MSP")?.value ?? new Uint8Array();
  return FabricMSPConfig.decode(MSPConfig.decode(value).config).name;
}

function readRecords(application: ConfigGroup | undefined): RecordsPolicy | undefined {
  const policy = application?.policies.get(RECORDS_POLICY)?.policy;
  if (policy?.type !== PolicyType.SIGNATURE) return undefined;
  const { rule, identities } = SignaturePolicyEnvelope.decode(policy.value);
  const outOf = rule?.nOutOf;
  if (outOf === undefined) return undefined;
  const departments = outOf.rules.map(({ signedBy }) => peerDepartment(identities[signedBy ?? -1]));
  const named = departments.filter((department) => department !== undefined);
  if (named.length !== departments.length || new Set(named).size !== named.length) return undefined;
  return { k: outOf.n, departments: named.sort() };
}

function peerDepartment(principal: MSPPrincipal | undefined): string | undefined {
  if (principal?.principalClassification !== Classification.ROLE) return undefined;
  const { mspIdentifier, role } = MSPRole.decode(principal.principal);
  return role === MSPRoleType.PEER ? mspIdentifier : undefined;
}
