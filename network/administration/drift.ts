import { computeUpdate } from "@wanlian/protocol/configuration/delta.js";
import type { Words } from "@wanlian/protocol/language.js";
import { BatchSize, BatchTimeout, type ConfigGroup } from "@wanlian/protocol/messages/configuration.js";
import { MSPPrincipal, PolicyType, SignaturePolicyEnvelope } from "@wanlian/protocol/messages/policies.js";
import type { PublicMsp } from "../certificates/msp-folder.js";
import {
  addDepartment,
  departmentsOf,
  hasPeers,
  hasRoots,
  part,
  removeDepartment,
  setBatch,
  setEndorsements,
  setPeers,
  setRoots,
} from "../channel/changes.js";
import { type OrderersKnown, oneOrdererNearer } from "../channel/consenters.js";
import { describeChange } from "../channel/describe.js";
import { decodedValue } from "../channel/group.js";
import { changesIn } from "../channel/inspection.js";
import { POLICY, principal } from "../channel/policies.js";
import type { Batch, Topology } from "../topology/topology.js";

/** A configuration to change to, and what that changes. */
export interface Drift {
  readonly wanted: ConfigGroup;
  readonly what: readonly Words[];
  /** The sides of the channel that it changes. */
  readonly sides: ReadonlySet<"Application" | "Orderer">;
}

/**
 * What the topology says otherwise than the configuration in force: members, k, batch. Undefined where they agree. `msps` are
 * the public certificates of departments that are not on the channel yet; one without them is left out.
 */
export function configurationDrift(
  current: ConfigGroup,
  topology: Topology,
  msps: ReadonlyMap<string, PublicMsp>,
): Drift | undefined {
  const wanted = wantedConfiguration(current, topology, msps);
  if (wanted === current) return undefined;
  return driftTo(current, topology, wanted);
}

/** What changing to another configuration comes to. */
function driftTo(current: ConfigGroup, { channel }: Topology, wanted: ConfigGroup): Drift {
  const changes = changesIn(current, computeUpdate(channel, current, wanted));
  const sides = new Set(changes.map(({ path }) => (path.startsWith("/Channel/Orderer") ? "Orderer" : "Application")));
  return { wanted, what: changes.map(describeChange), sides };
}

/** A change that one organisation begins. */
export type OwnDrift = Drift & { readonly mspId: string };

/**
 * Another organisation's roots come from it alone: of those whose keys are here, the first whose MSP folder has other roots than
 * the configuration. Its own administrator's signature is enough.
 */
export function rootsDrift(
  current: ConfigGroup,
  topology: Topology,
  msps: ReadonlyMap<string, PublicMsp>,
  own: ReadonlySet<string>,
): OwnDrift | undefined {
  for (const [mspId, msp] of msps) {
    if (!own.has(mspId) || hasRoots(current, mspId, msp)) continue;
    return { mspId, ...driftTo(current, topology, setRoots(current, mspId, msp)) };
  }
  return undefined;
}

/** Likewise where a department's peers are found: a department whose key is here, and whose peers the topology names otherwise. */
export function peersDrift(current: ConfigGroup, topology: Topology, own: ReadonlySet<string>): OwnDrift | undefined {
  const moved = topology.departments.find((one) => own.has(one.mspId) && !hasPeers(current, one));
  if (moved === undefined) return undefined;
  return { mspId: moved.mspId, ...driftTo(current, topology, setPeers(current, moved)) };
}

/** Orderers come and go one at a time: the next of them, begun by an organisation that runs some, one whose key is here where there is. */
export function orderersDrift(
  current: ConfigGroup,
  topology: Topology,
  known: OrderersKnown,
  own: ReadonlySet<string>,
): OwnDrift | undefined {
  const wanted = oneOrdererNearer(current, topology, known);
  if (wanted === undefined) return undefined;
  const running = [...part(current, "Orderer").groups.keys()];
  const mspId = running.find((one) => own.has(one)) ?? running[0] ?? "";
  return { mspId, ...driftTo(current, topology, wanted) };
}

function wantedConfiguration(
  current: ConfigGroup,
  topology: Topology,
  msps: ReadonlyMap<string, PublicMsp>,
): ConfigGroup {
  let wanted = current;
  const present = departmentsOf(current);
  for (const department of topology.departments) {
    const msp = msps.get(department.mspId);
    if (msp && !present.includes(department.mspId)) wanted = addDepartment(wanted, department, msp, 1);
  }
  for (const mspId of present)
    if (!topology.departments.some((department) => department.mspId === mspId))
      wanted = removeDepartment(wanted, mspId, 1);
  if (!hasRecords(wanted, topology.endorsements)) wanted = setEndorsements(wanted, topology.endorsements);
  if (!hasBatch(wanted, topology.batch)) wanted = setBatch(wanted, topology.batch);
  return wanted;
}

/** Whether `Records` asks for so many of exactly the departments on the channel, in whatever order. */
function hasRecords(channel: ConfigGroup, endorsements: number): boolean {
  const application = part(channel, "Application");
  const policy = application.policies.get(POLICY.records)?.policy;
  if (policy?.type !== PolicyType.SIGNATURE) return false;
  const { rule, identities } = SignaturePolicyEnvelope.decode(policy.value);
  const expected = [...application.groups.keys()].map((mspId) => principal(mspId, "PEER"));
  const named = new Set(identities.map(encodePrincipal));
  return (
    rule?.nOutOf?.n === endorsements &&
    rule.nOutOf.rules.every(({ signedBy }, index) => signedBy === index) &&
    identities.length === expected.length &&
    expected.every((one) => named.has(encodePrincipal(one)))
  );
}

function encodePrincipal(one: MSPPrincipal): string {
  return Buffer.from(MSPPrincipal.encode(one)).toString("hex");
}

function hasBatch(channel: ConfigGroup, batch: Batch): boolean {
  const orderer = part(channel, "Orderer");
  const size = decodedValue(orderer, "BatchSize", BatchSize);
  const timeout = decodedValue(orderer, "BatchTimeout", BatchTimeout);
  return (
    size?.maxMessageCount === batch.messages &&
    size.absoluteMaxBytes === batch.absoluteBytes &&
    size.preferredMaxBytes === batch.preferredBytes &&
    timeout?.timeout === batch.timeout
  );
}
