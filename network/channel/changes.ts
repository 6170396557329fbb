import { AnchorPeers, type ConfigGroup } from "@wanlian/protocol/messages/configuration.js";
import { FabricMSPConfig, MSPConfig } from "@wanlian/protocol/messages/msp.js";
import type { PublicMsp } from "../certificates/msp-folder.js";
import { NetworkError } from "../error.js";
import type { Batch, Department } from "../topology/topology.js";
import { batchValues } from "./genesis.js";
import { decodedValue, withGroup, withPolicies, withValues } from "./group.js";
import { departmentGroup, encodeMsp, encodePeers } from "./organisation.js";
import { POLICY, recordsPolicy } from "./policies.js";

/** The MSP ids of the departments on the channel. */
export function departmentsOf(channel: ConfigGroup): string[] {
  return [...part(channel, "Application").groups.keys()];
}

/** The department joins, and with it counts for `Records`: one update, so that no moment lies between. */
export function addDepartment(
  channel: ConfigGroup,
  department: Pick<Department, "mspId" | "peers">,
  msp: PublicMsp,
  endorsements: number,
): ConfigGroup {
  const application = part(channel, "Application");
  const { mspId } = department;
  if (application.groups.has(mspId))
    throw new NetworkError(
      "INVALID_CONFIGURATION",
      { zh: `${mspId} 已在通道上。`, en: `${mspId} is on the channel already.` },
      { details: { mspId } },
    );
  const joined = withGroup(application, mspId, departmentGroup(department, msp));
  return withGroup(channel, "Application", withRecords(joined, endorsements));
}

/** The department leaves; what it wrote stays. */
export function removeDepartment(channel: ConfigGroup, mspId: string, endorsements: number): ConfigGroup {
  const application = part(channel, "Application");
  if (!application.groups.has(mspId))
    throw new NetworkError(
      "INVALID_CONFIGURATION",
      { zh: `${mspId} 不在通道上，无可移除。`, en: `${mspId} is not on the channel; there is nothing to remove.` },
      { details: { mspId } },
    );
  return withGroup(channel, "Application", withRecords(withGroup(application, mspId, undefined), endorsements));
}

/** Another number of departments has to endorse an act. */
export function setEndorsements(channel: ConfigGroup, endorsements: number): ConfigGroup {
  return withGroup(channel, "Application", withRecords(part(channel, "Application"), endorsements));
}

/** Blocks are cut by another rule. */
export function setBatch(channel: ConfigGroup, batch: Batch): ConfigGroup {
  return withGroup(channel, "Orderer", withValues(part(channel, "Orderer"), batchValues(batch)));
}

/** An organisation's revocation lists (PEM) become these; whoever is on them is nobody from the next block on. */
export function setRevocationLists(channel: ConfigGroup, mspId: string, lists: readonly string[]): ConfigGroup {
  return withMsp(channel, mspId, (config) => ({ ...config, revocationList: lists.map((pem) => Buffer.from(pem)) }));
}

/** An organisation's roots become these of its MSP folder, the units that they certify with them; its revocation lists stay. */
export function setRoots(channel: ConfigGroup, mspId: string, msp: PublicMsp): ConfigGroup {
  const wanted = FabricMSPConfig.decode(MSPConfig.decode(encodeMsp(mspId, msp)).config);
  return withMsp(channel, mspId, (config) => ({ ...wanted, revocationList: config.revocationList }));
}

/** Whether an organisation's roots, for identities and for TLS, are those of its MSP folder, in whatever order. */
export function hasRoots(channel: ConfigGroup, mspId: string, msp: PublicMsp): boolean {
  const config = mspOf(channel, mspId);
  if (config === undefined) return true;
  const isSame = (present: readonly Uint8Array[], wanted: readonly string[]) => {
    const known = new Set(present.map((pem) => Buffer.from(pem).toString("utf8")));
    return known.size === wanted.length && wanted.every((pem) => known.has(pem));
  };
  return isSame(config.rootCerts, msp.rootCertificates) && isSame(config.tlsRootCerts, msp.tlsRootCertificates);
}

/** A department's peers are found at these places. */
export function setPeers(channel: ConfigGroup, { mspId, peers }: Pick<Department, "mspId" | "peers">): ConfigGroup {
  const application = part(channel, "Application");
  const department = application.groups.get(mspId);
  if (department === undefined) return channel;
  const changed = withValues(department, { AnchorPeers: encodePeers(peers) });
  return withGroup(channel, "Application", withGroup(application, mspId, changed));
}

/** Whether the channel names just these places for a department's peers, in whatever order; so for one that it does not know. */
export function hasPeers(channel: ConfigGroup, { mspId, peers }: Pick<Department, "mspId" | "peers">): boolean {
  const department = part(channel, "Application").groups.get(mspId);
  if (department === undefined) return true;
  const { anchorPeers } = decodedValue(department, "AnchorPeers", AnchorPeers) ?? AnchorPeers.create();
  const named = new Set(anchorPeers.map(({ host, port }) => `${host}:${port}`));
  return named.size === peers.length && peers.every(({ address }) => named.has(address));
}

/** Which side of the channel an organisation stands on. */
export function sideOf(channel: ConfigGroup, mspId: string): "Application" | "Orderer" {
  return part(channel, "Application").groups.has(mspId) ? "Application" : "Orderer";
}

function mspOf(channel: ConfigGroup, mspId: string): FabricMSPConfig | undefined {
  const organisation = part(channel, sideOf(channel, mspId)).groups.get(mspId);
  const msp = organisation && decodedValue(organisation, "MSP", MSPConfig);
  return msp && FabricMSPConfig.decode(msp.config);
}

function withMsp(
  channel: ConfigGroup,
  mspId: string,
  change: (config: FabricMSPConfig) => FabricMSPConfig,
): ConfigGroup {
  const side = sideOf(channel, mspId);
  const organisations = part(channel, side);
  const organisation = organisations.groups.get(mspId);
  const msp = organisation && decodedValue(organisation, "MSP", MSPConfig);
  if (!msp)
    throw new NetworkError(
      "INVALID_CONFIGURATION",
      { zh: `${mspId} 不在通道上。`, en: `${mspId} is not on the channel.` },
      { details: { mspId } },
    );
  const config = FabricMSPConfig.encode(change(FabricMSPConfig.decode(msp.config)));
  const changed = withValues(organisation, { MSP: MSPConfig.encode({ ...msp, config }) });
  return withGroup(channel, side, withGroup(organisations, mspId, changed));
}

function withRecords(application: ConfigGroup, endorsements: number): ConfigGroup {
  const mspIds = [...application.groups.keys()];
  if (endorsements < 1 || endorsements > mspIds.length)
    throw new NetworkError(
      "INVALID_CONFIGURATION",
      {
        zh: `${mspIds.length} 个部门不可能给出 ${endorsements} 个背书。`,
        en: `${endorsements} endorsements cannot come from ${mspIds.length} departments.`,
      },
      { details: { endorsements, departments: mspIds.length } },
    );
  return withPolicies(application, { [POLICY.records]: recordsPolicy(endorsements, mspIds) });
}

/** `Application` or `Orderer` of a channel's configuration. */
export function part(channel: ConfigGroup, name: "Application" | "Orderer"): ConfigGroup {
  const group = channel.groups.get(name);
  if (!group)
    throw new NetworkError(
      "INVALID_CONFIGURATION",
      { zh: `通道配置中没有组 ${name}。`, en: `The channel's configuration has no group ${name}.` },
      { details: { name } },
    );
  return group;
}
