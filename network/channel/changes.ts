import type { ConfigGroup } from "@wanlian/protocol/messages/configuration.js";
import { FabricMSPConfig, MSPConfig } from "@wanlian/protocol/messages/msp.js";
import type { PublicMsp } from "../certificates/msp-folder.js";
import { NetworkError } from "../error.js";
import type { Batch, Department } from "../topology/topology.js";
import { batchValues } from "./genesis.js";
import { decodedValue, withGroup, withPolicies, withValues } from "./group.js";
import { departmentGroup } from "./organisation.js";
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
  const side = part(channel, "Application").groups.has(mspId) ? "Application" : "Orderer";
  const organisations = part(channel, side);
  const organisation = organisations.groups.get(mspId);
  const msp = organisation && decodedValue(organisation, "MSP", MSPConfig);
  if (!msp)
    throw new NetworkError(
      "INVALID_CONFIGURATION",
      { zh: `${mspId} 不在通道上。`, en: `${mspId} is not on the channel.` },
      { details: { mspId } },
    );
  const config = FabricMSPConfig.encode({
    ...FabricMSPConfig.decode(msp.config),
    revocationList: lists.map((pem) => Buffer.from(pem)),
  });
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
