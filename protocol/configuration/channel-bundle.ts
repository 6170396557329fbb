import type { MspManager } from "../identities/identity.js";
import type { Config } from "../messages/configuration.js";
import type { PolicyManager } from "../policies/policy.js";

/** An organization of a channel's Application or Orderer group. */
export interface Organization {
  /** The name of its configuration group, usually but not necessarily the MSP id. */
  readonly name: string;
  readonly mspId: string;
  /** PEM certificates that its TLS certificates chain up to. */
  readonly tlsRootCerts: readonly Uint8Array[];
  readonly tlsIntermediateCerts: readonly Uint8Array[];
}

export interface ApplicationOrganization extends Organization {
  readonly anchorPeers: readonly { readonly host: string; readonly port: number }[];
}

export interface OrdererOrganization extends Organization {
  /** `host:port` of its orderers. */
  readonly endpoints: readonly string[];
}

export interface OrdererSettings {
  readonly consensusType: string;
  readonly consensusMetadata: Uint8Array;
  readonly maintenance: boolean;
  readonly maxMessageCount: number;
  readonly absoluteMaxBytes: number;
  readonly preferredMaxBytes: number;
  readonly batchTimeoutMilliseconds: number;
  readonly organizations: readonly OrdererOrganization[];
}

/** A channel's configuration, checked and ready to use. Immutable: an update gives another bundle. */
export interface ChannelBundle {
  readonly channelId: string;
  readonly config: Config;
  readonly sequence: bigint;
  readonly msps: MspManager;
  readonly policies: PolicyManager;
  readonly orderer: OrdererSettings;
  readonly applications: readonly ApplicationOrganization[];
  /** Capability V3_0: Ed25519 identities, SmartBFT block signatures. */
  readonly v3: boolean;
  /** The policy reference of an ACL (`peer/Propose`, …) where the configuration changes Fabric's default. */
  acl(resource: string): string | undefined;
}
