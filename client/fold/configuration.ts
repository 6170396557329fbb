import { ProtocolError } from "@wanlian/protocol/errors.js";
import { HeaderType } from "@wanlian/protocol/messages/common.js";
import { Config, ConfigEnvelope, type ConfigGroup } from "@wanlian/protocol/messages/configuration.js";
import { FabricMSPConfig, MSPConfig } from "@wanlian/protocol/messages/msp.js";
import { type PeersOutOf, peersOutOf } from "@wanlian/protocol/policies/peers-out-of.js";
import type { TransactionHeaders } from "../ledger/index.js";

/** Application group's policy that the contracts' endorsement refers to. */
const RECORDS_POLICY = "Records";

/** What the acts have a say in, of a channel's configuration. */
export interface ChannelView {
  readonly sequence: number;
  /** MSP ids of the Application group, sorted. */
  readonly members: readonly string[];
  /** Undefined if there is no such policy or it has another form than "k of these departments' peers". */
  readonly records: PeersOutOf | undefined;
}

/** The configuration in a CONFIG transaction; undefined for other types, and for what cannot be read. */
export function readConfiguration(headers: TransactionHeaders): Uint8Array | undefined {
  if (headers.type !== HeaderType.CONFIG) return undefined;
  return unlessMalformed(() => {
    const { config } = ConfigEnvelope.decode(headers.data);
    return config === undefined ? undefined : Config.encode(config);
  });
}

/** Total: a configuration that cannot be read has nobody in it, which every comparison with the acts will say. */
export const viewChannel = (configuration: Uint8Array): ChannelView =>
  unlessMalformed(() => view(configuration)) ?? { sequence: 0, members: [], records: undefined };

function unlessMalformed<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

function view(configuration: Uint8Array): ChannelView {
  const { sequence, channelGroup } = Config.decode(configuration);
  const application = channelGroup?.groups.get("Application");
  return {
    sequence: Number(sequence),
    members: [...(application?.groups.values() ?? [])].map(mspIdOf).sort(),
    records: peersOutOf(application?.policies.get(RECORDS_POLICY)?.policy),
  };
}

function mspIdOf(organization: ConfigGroup): string {
  const value = organization.values.get("MSP")?.value ?? new Uint8Array();
  return FabricMSPConfig.decode(MSPConfig.decode(value).config).name;
}
