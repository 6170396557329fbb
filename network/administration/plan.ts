import type { Words } from "@wanlian/protocol/language.js";
import type { ConfigGroup } from "@wanlian/protocol/messages/configuration.js";
import type { OrdererCertificates } from "../channel/consensus.js";
import { addressOf, consentersOf } from "../channel/consenters.js";
import type { OrdererPlace, Topology } from "../topology/topology.js";
import { ONBOARDING } from "./calls/participation.js";
import { wantedDefinition } from "./contracts/definition.js";
import type { Definition } from "./contracts/lifecycle.js";
import { configurationDrift, type Drift, orderersDrift, peersDrift, rootsDrift } from "./drift.js";
import type { DepartmentPeer } from "./network.js";
import { isAnswer, type NetworkState, type PeerState } from "./state.js";

/** One thing to be done, by the organisation that has to do it. */
export type Step =
  | {
      readonly kind: "join orderer";
      readonly by: string;
      readonly place: OrdererPlace;
      /** A newcomer begins with the newest configuration, which says where the others are now; who is to come back, with block 0. */
      readonly from: "block 0" | "newest configuration";
    }
  | {
      readonly kind: "update configuration";
      readonly by: string;
      readonly wanted: ConfigGroup;
      readonly what: readonly Words[];
    }
  | { readonly kind: "join peer"; readonly by: string; readonly peer: DepartmentPeer }
  | { readonly kind: "install"; readonly by: string; readonly peer: PeerState }
  | { readonly kind: "approve"; readonly by: string; readonly peer: PeerState; readonly definition: Definition }
  | {
      readonly kind: "commit";
      readonly by: string;
      readonly definition: Definition;
      /** A peer of each department that answers. Those endorse whose departments have approved. */
      readonly candidates: readonly DepartmentPeer[];
      /** A majority of the departments: so many have to have approved (Fabric's default for LifecycleEndorsement). */
      readonly needed: number;
    };

/** What stands in the way of knowing or doing something. */
export interface Obstacle {
  /** The peer or orderer that it concerns. */
  readonly mspId: string;
  readonly name: string;
  /** A sentence that names it. */
  readonly reason: Words;
}

/** What is to be done, in this order, for the network to be as its topology says. */
export interface Plan {
  readonly steps: readonly Step[];
  readonly obstacles: readonly Obstacle[];
}

/** Compares the network as it is with its topology. Pure: the same state gives the same plan. */
export function planFor(topology: Topology, state: NetworkState): Plan {
  const steps: Step[] = [];
  const current = state.config?.channelGroup;
  const consenting = new Set(current && consentersOf(current).map(addressOf));
  for (const { place, channel } of state.orderers)
    if (channel.kind === "answer" && channel.value === undefined) {
      const from = current === undefined || consenting.has(place.address) ? "block 0" : "newest configuration";
      steps.push({ kind: "join orderer", by: place.organisation, place, from });
    }
  const drift = current && configurationDrift(current, topology, state.msps);
  if (drift) steps.push({ kind: "update configuration", by: updaterOf(topology, drift), ...drift });
  // One change of the configuration at a time: each is made for the state that the one before leaves.
  const next =
    current &&
    !drift &&
    (rootsDrift(current, topology, state.msps, state.own) ??
      peersDrift(current, topology, state.own) ??
      orderersDrift(current, topology, { certificates: certificatesOfReady(state), msps: state.msps }, state.own));
  if (next) steps.push({ kind: "update configuration", by: next.mspId, ...next });
  for (const peer of state.peers) {
    if (isAnswer(peer.joined, false)) steps.push({ kind: "join peer", by: peer.mspId, peer });
    if (isAnswer(peer.installed, false)) steps.push({ kind: "install", by: peer.mspId, peer });
  }
  steps.push(...contractSteps(topology, state));
  return { steps, obstacles: obstaclesIn(state) };
}

/** Of orderers that can agree on the next block: who does not answer, or is still behind, would keep the others waiting. */
function certificatesOfReady({ orderers, ordererCertificates }: NetworkState): Map<string, OrdererCertificates> {
  const behind = orderers.flatMap(({ place, channel }) =>
    channel.kind === "failed" || (channel.kind === "answer" && channel.value?.status === ONBOARDING)
      ? [place.name]
      : [],
  );
  return new Map([...ordererCertificates].filter(([name]) => !behind.includes(name)));
}

/** Approvals and commit of the definition that the topology asks for. */
function contractSteps(topology: Topology, state: NetworkState): Step[] {
  const answering = firstPeers(state).filter(({ joined }) => joined.kind === "answer");
  // Where no peer answers, nothing is known of what has been approved.
  if (answering.length === 0) return [];
  const { inForce, ...definition } = wantedDefinition(topology, state.definition);
  const steps: Step[] = [];
  for (const peer of answering) {
    const { mspId, package: wanted } = peer;
    const runs = (state.approvedPackages.get(mspId) ?? wanted.id) === wanted.id;
    const approved = state.approvals.get(mspId) === true && runs;
    if (!approved) steps.push({ kind: "approve", by: peer.mspId, peer, definition });
  }
  if (!inForce) {
    const needed = Math.floor(topology.departments.length / 2) + 1;
    steps.push({ kind: "commit", by: bureauOf(topology), definition, candidates: answering, needed });
  }
  return steps;
}

/** One peer of each department: a department approves once. */
function firstPeers(state: NetworkState): PeerState[] {
  const seen = new Set<string>();
  return state.peers.filter(({ mspId }) => !seen.has(mspId) && seen.add(mspId));
}

/** What is the orderers' alone is theirs to begin; the rest the bureau's. */
function updaterOf(topology: Topology, { sides }: Drift): string {
  const [ordering] = topology.orderers.organisations;
  return sides.has("Orderer") && sides.size === 1 && ordering ? ordering.mspId : bureauOf(topology);
}

function bureauOf(topology: Topology): string {
  const bureau = topology.departments.find((department) => department.bureau) ?? topology.departments[0];
  return bureau?.mspId ?? "";
}

function obstaclesIn(state: NetworkState): Obstacle[] {
  const obstacles: Obstacle[] = [];
  for (const { place, channel } of state.orderers)
    if (channel.kind === "failed")
      obstacles.push({ mspId: place.organisation, name: place.name, reason: channel.reason });
  for (const { mspId, place, joined } of state.peers)
    if (joined.kind === "failed") obstacles.push({ mspId, name: place.name, reason: joined.reason });
  return obstacles;
}

/** Says a step in plain words. */
export function describeStep(step: Step): Words {
  switch (step.kind) {
    case "join orderer":
      return { en: `${step.place.name} joins the channel`, zh: `${step.place.name} 加入通道` };
    case "update configuration":
      return {
        en: `the channel's configuration changes: ${step.what.map(({ en }) => en).join(" ")}`,
        zh: `通道配置变更：${step.what.map(({ zh }) => zh).join("")}`,
      };
    case "join peer":
      return {
        en: `${step.peer.place.name} of ${step.by} joins the channel`,
        zh: `${step.by} 的 ${step.peer.place.name} 加入通道`,
      };
    case "install":
      return {
        en: `${step.peer.place.name} of ${step.by} learns where its contracts run (${step.peer.place.contracts})`,
        zh: `${step.by} 的 ${step.peer.place.name} 登记合约服务地址（${step.peer.place.contracts}）`,
      };
    case "approve":
      return {
        en: `${step.by} approves the contracts, version ${step.definition.version} (sequence ${step.definition.sequence})`,
        zh: `${step.by} 批准合约版本 ${step.definition.version}（第 ${step.definition.sequence} 次）`,
      };
    case "commit":
      return {
        en: `the contracts, version ${step.definition.version}, take effect (sequence ${step.definition.sequence})`,
        zh: `合约版本 ${step.definition.version} 生效（第 ${step.definition.sequence} 次）`,
      };
  }
}
