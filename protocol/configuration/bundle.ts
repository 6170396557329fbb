import { toHex } from "../bytes.js";
import type { MessageType } from "../codec.js";
import { ProtocolError } from "../errors.js";
import { Msp, type MspRules } from "../identities/msp.js";
import { ChannelMsps } from "../identities/msp-manager.js";
import { ChannelHeader, Envelope, Payload } from "../messages/common.js";
import {
  ACLs,
  AnchorPeers,
  BlockDataHashingStructure,
  type Config,
  ConfigEnvelope,
  type ConfigGroup,
  type Consenter,
  HashingAlgorithm,
  OrdererAddresses,
  Orderers,
} from "../messages/configuration.js";
import { MSPConfig } from "../messages/msp.js";
import { PolicyTree } from "../policies/policy-tree.js";
import { applicationCapabilities, assertOrdererCapabilities, channelCapabilities } from "./capabilities.js";
import type { ApplicationOrganization, ChannelBundle, OrdererSettings, Organization } from "./channel-bundle.js";
import { readOrdererSettings } from "./orderer-settings.js";
import { GroupName, isChannelId, ValueName } from "./paths.js";

/** The only width that Fabric accepts. */
const HASHING_WIDTH = 0xffffffff;

/** A channel configuration, checked as Fabric's channelconfig does on arrival, with its MSPs and policies compiled. */
export class Bundle implements ChannelBundle {
  readonly channelId: string;
  readonly config: Config;
  readonly group: ConfigGroup;
  readonly msps: ChannelMsps;
  readonly policies: PolicyTree;
  readonly orderer: OrdererSettings;
  readonly applications: readonly ApplicationOrganization[];
  readonly consenters: readonly Consenter[];
  readonly v3: boolean;
  /** Names of the application capabilities that are on, such as V2_5. */
  readonly applicationCapabilities: ReadonlySet<string>;
  readonly #acls: ReadonlyMap<string, string>;
  /** MSPs by the hex of their definition, so that an update compiles only what it changes. */
  readonly #compiled = new Map<string, Msp>();

  /**
   * @param previous the configuration before, whose unchanged MSPs (and what they have in memory) are taken over
   * @throws ProtocolError with what is wrong.
   */
  constructor(channelId: string, config: Config, previous?: Bundle) {
    if (!isChannelId(channelId)) throw wrong(`channel id "${channelId}"`);
    if (config.channelGroup === undefined) throw wrong("no channel group");
    this.channelId = channelId;
    this.config = config;
    this.group = config.channelGroup;
    const applicationGroup = this.#subGroup(GroupName.APPLICATION);
    const ordererGroup = this.#subGroup(GroupName.ORDERER);
    this.v3 = this.#checkChannelValues();
    this.applicationCapabilities = applicationCapabilities(applicationGroup);
    assertOrdererCapabilities(ordererGroup);
    const rules: MspRules = this.v3 ? "v3" : "v1_4_3";
    const organizations = new Map<ConfigGroup, Organization>();
    for (const parent of [applicationGroup, ordererGroup]) {
      for (const [name, group] of parent.groups)
        organizations.set(group, this.#organization(name, group, rules, previous));
    }
    this.msps = new ChannelMsps(this.#distinctMsps());
    this.policies = new PolicyTree(GroupName.CHANNEL, this.group, this.msps);
    this.orderer = readOrdererSettings(ordererGroup, organizations, this.v3);
    this.applications = [...applicationGroup.groups.values()].map((group) => ({
      ...known(organizations, group),
      anchorPeers: read(group, ValueName.ANCHOR_PEERS, AnchorPeers)?.anchorPeers ?? [],
    }));
    this.consenters = read(ordererGroup, ValueName.ORDERERS, Orderers)?.consenterMapping ?? [];
    this.#acls = new Map(
      [...(read(applicationGroup, ValueName.ACLS, ACLs)?.acls ?? [])].map(([resource, { policyRef }]) => [
        resource,
        policyRef,
      ]),
    );
  }

  get sequence(): bigint {
    return this.config.sequence;
  }

  acl(resource: string): string | undefined {
    return this.#acls.get(resource);
  }

  /** The name of the Application group of an MSP's organization. */
  applicationGroupOf(mspId: string): string | undefined {
    return this.applications.find((organization) => organization.mspId === mspId)?.name;
  }

  #subGroup(name: string): ConfigGroup {
    for (const other of this.group.groups.keys()) {
      if (other !== GroupName.APPLICATION && other !== GroupName.ORDERER) throw wrong(`group ${other} is not allowed`);
    }
    const group = this.group.groups.get(name);
    if (group === undefined) throw wrong(`no ${name} group`);
    return group;
  }

  /** @returns whether capability V3_0 is on */
  #checkChannelValues(): boolean {
    const v3 = channelCapabilities(this.group).has("V3_0");
    const hashing = read(this.group, ValueName.HASHING_ALGORITHM, HashingAlgorithm)?.name;
    if (hashing !== "SHA256" && hashing !== "SHA3_256") throw wrong(`hashing algorithm ${hashing}`);
    const width = read(this.group, ValueName.BLOCK_DATA_HASHING_STRUCTURE, BlockDataHashingStructure)?.width;
    if (width !== HASHING_WIDTH) throw wrong(`block data hashing width ${width}`);
    const addresses = read(this.group, ValueName.ORDERER_ADDRESSES, OrdererAddresses)?.addresses ?? [];
    if (v3 && addresses.length > 0) throw wrong("global orderer addresses are not allowed with capability V3_0");
    return v3;
  }

  #organization(name: string, group: ConfigGroup, rules: MspRules, previous: Bundle | undefined): Organization {
    if (group.groups.size > 0) throw wrong(`organization ${name} has sub-groups`);
    const value = group.values.get(ValueName.MSP)?.value;
    if (value === undefined) throw wrong(`organization ${name} has no MSP`);
    const key = `${rules}:${toHex(value)}`;
    const msp = this.#compiled.get(key) ?? previous?.compiled(key) ?? new Msp(MSPConfig.decode(value), rules);
    if (msp.id === "") throw wrong(`organization ${name} has an MSP without id`);
    this.#compiled.set(key, msp);
    const { tlsRootCerts, tlsIntermediateCerts } = msp.config;
    return { name, mspId: msp.id, tlsRootCerts, tlsIntermediateCerts };
  }

  compiled(key: string): Msp | undefined {
    return this.#compiled.get(key);
  }

  #distinctMsps(): readonly Msp[] {
    const byId = new Map<string, Msp>();
    for (const msp of this.#compiled.values()) {
      if (byId.has(msp.id)) throw wrong(`MSP ${msp.id} is defined in two ways`);
      byId.set(msp.id, msp);
    }
    return [...byId.values()];
  }
}

const wrong = (what: string): ProtocolError =>
  new ProtocolError("INVALID_CONFIGURATION", `the channel configuration is not valid: ${what}`);

function known(organizations: ReadonlyMap<ConfigGroup, Organization>, group: ConfigGroup): Organization {
  const organization = organizations.get(group);
  if (organization === undefined) throw wrong("an organization is missing");
  return organization;
}

/** A value of a group, decoded; undefined where the group has none. */
export function read<T extends object>(group: ConfigGroup, name: string, type: MessageType<T>): T | undefined {
  const value = group.values.get(name);
  return value === undefined ? undefined : type.decode(value.value);
}

/** The configuration in the envelope of a configuration block or of a genesis block. */
export function configOf(envelope: Envelope): {
  readonly channelId: string;
  readonly config: Config;
  readonly lastUpdate: Envelope | undefined;
} {
  const { header, data } = Payload.decode(envelope.payload);
  if (header === undefined) throw wrong("its transaction has no header");
  const { channelId } = ChannelHeader.decode(header.channelHeader);
  const { config, lastUpdate } = ConfigEnvelope.decode(data);
  if (config === undefined) throw wrong("its transaction holds none");
  return { channelId, config, lastUpdate };
}

/** @throws ProtocolError when the block is not a configuration block or its configuration is not valid. */
export function bundleFromBlock(data: readonly Uint8Array[], previous?: Bundle): Bundle {
  const [only] = data;
  if (only === undefined) throw wrong("the block is empty");
  const { channelId, config } = configOf(Envelope.decode(only));
  return new Bundle(channelId, config, previous);
}
