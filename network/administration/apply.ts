import { join } from "node:path";
import { computeUpdate } from "@wanlian/protocol/configuration/delta.js";
import type { Words } from "@wanlian/protocol/language.js";
import { Block } from "@wanlian/protocol/messages/common.js";
import type { ConfigGroup } from "@wanlian/protocol/messages/configuration.js";
import { type Approval, approvalsFor, missingApprovals } from "../channel/approval.js";
import { addressOf, consentersOf } from "../channel/consenters.js";
import { changesIn } from "../channel/inspection.js";
import { formatUpdateFile, signUpdate, updateFile } from "../channel/update-file.js";
import { writeWhole } from "../processes/files.js";
import { type ApplyListener, type CarriedOut, carryOut, type Hands, type Outcome } from "./carry-out.js";
import { awaitCaughtUp, awaitConsenting, awaitOnboarded } from "./catch-up.js";
import { approval, commitment, installPackage } from "./contracts/lifecycle.js";
import { DONE, doneOnce } from "./done-once.js";
import { firstBlock } from "./first-block.js";
import { highestOf } from "./heights.js";
import { configurationInForce, informantOf } from "./informant.js";
import { expectNoLostChannel } from "./lost-orderers.js";
import type { DepartmentPeer, Network } from "./network.js";
import { describeStep, type Obstacle, planFor, type Step } from "./plan.js";
import { answer, observe } from "./state.js";
import { submitUpdate } from "./submit-update.js";
import { transact } from "./transaction.js";

/**
 * Brings the network to what its topology says, as far as the keys that are here allow. It may be interrupted at any point and
 * run again: what to do is found anew from the network itself, and each step is one that can be repeated.
 */
export async function apply(network: Network, listener: ApplyListener): Promise<Applied> {
  const plan = planFor(network.topology, await observe(network));
  if (plan.steps.some(({ kind, by }) => kind === "join orderer" && network.canActFor(by)))
    await expectNoLostChannel(network);
  const begins = plan.steps.some(({ kind }) => kind === "join orderer" || kind === "join peer");
  const genesis = begins ? await firstBlock(network) : new Uint8Array();
  const hands: Hands = {
    canActFor: (mspId) => network.canActFor(mspId),
    perform: (step) =>
      doneOnce(
        () => perform(network, step, genesis),
        () => isOpen(network, step),
      ),
  };
  const first = await carryOut(plan.steps, hands, listener);
  const later = await remainingUpdates(network, plan.steps, hands, listener);
  return { done: first.done + later.done, waiting: first.waiting + later.waiting, obstacles: plan.obstacles };
}

/** The configuration changes by one thing at a time: what a change of it leaves to change is found anew, until nothing new is. */
async function remainingUpdates(
  network: Network,
  before: readonly Step[],
  hands: Hands,
  listener: ApplyListener,
): Promise<CarriedOut> {
  const isUpdate = ({ kind }: Step) => kind === "update configuration";
  const tried = new Set(before.filter(isUpdate).map((step) => describeStep(step).en));
  const sum = { done: 0, waiting: 0 };
  for (let last = before.filter(isUpdate); last.some(({ by }) => hands.canActFor(by)); ) {
    const { steps } = planFor(network.topology, await observe(network));
    last = steps.filter((step) => isUpdate(step) && !tried.has(describeStep(step).en));
    for (const step of last) tried.add(describeStep(step).en);
    const { done, waiting } = await carryOut(last, hands, listener);
    sum.done += done;
    sum.waiting += waiting;
  }
  return sum;
}

/** What an `apply` came to. */
export interface Applied extends CarriedOut {
  readonly obstacles: readonly Obstacle[];
}

/** Whether a step is in the plan still. */
async function isOpen(network: Network, step: Step): Promise<boolean> {
  const same = describeStep(step).en;
  const { steps } = planFor(network.topology, await observe(network));
  return steps.some((open) => open.by === step.by && describeStep(open).en === same);
}

async function perform(network: Network, step: Step, genesis: Uint8Array): Promise<Outcome> {
  const { channel } = network;
  switch (step.kind) {
    case "join orderer": {
      const orderer = network.participation(step.place);
      await orderer.join(step.from === "block 0" ? genesis : await newestConfiguration(network));
      await awaitOnboarded(orderer, channel);
      return DONE;
    }
    case "join peer":
      await joinPeer(network, step.peer, genesis);
      return DONE;
    case "install":
      await installPackage(network.peer(step.peer), step.peer.package.content);
      return DONE;
    case "approve": {
      const as = network.administrator(step.by);
      const call = approval(channel, step.definition, step.peer.package.id);
      return { place: await transact(network, call, [network.peer(step.peer, as)], as) };
    }
    case "commit": {
      const as = network.administrator(step.by);
      const { approvals } = await observe(network);
      const approved = step.candidates.filter(({ mspId }) => approvals.get(mspId) === true);
      const [first, ...others] = approved.slice(0, step.needed).map((peer) => network.peer(peer, as));
      if (first === undefined || approved.length < step.needed)
        return { waits: approvalsMissing(step, approvals, network.topology.departments.length) };
      return { place: await transact(network, commitment(channel, step.definition), [first, ...others], as) };
    }
    case "update configuration":
      return updateConfiguration(network, step);
  }
}

async function newestConfiguration(network: Network): Promise<Uint8Array> {
  return Block.encode(await (await informantOf(network)).configurationBlock());
}

/** Lets a peer join, and waits until it has what the others have: only then does it know its own department. */
async function joinPeer(network: Network, peer: DepartmentPeer, genesis: Uint8Array): Promise<void> {
  const client = network.peer(peer);
  await client.join(genesis);
  await awaitCaughtUp(client, network.channel, await highest(network));
}

/** How far the channel has come, by the peers that say so; block 0 is there in any case. */
async function highest(network: Network): Promise<bigint> {
  const heights = await Promise.all(
    network.peers.map((peer) => answer(async () => (await network.peer(peer).info(network.channel)).height)),
  );
  return highestOf([1n, ...heights.flatMap((height) => (height.kind === "answer" ? [height.value] : []))]);
}

/**
 * Signs the update with every administrator's key that is here; submits it when that is enough, else leaves it as a file for the
 * others to inspect and sign.
 */
async function updateConfiguration(network: Network, step: Step & { kind: "update configuration" }): Promise<Outcome> {
  const informant = await informantOf(network);
  const channelGroup = await configurationInForce(informant);
  const update = computeUpdate(network.channel, channelGroup, step.wanted);
  const approvals = approvalsFor(channelGroup, changesIn(channelGroup, update));
  const signers = [...new Set(approvals.flatMap(({ organisations }) => organisations))].filter((mspId) =>
    network.canActFor(mspId),
  );
  let file = updateFile(update);
  for (const mspId of signers) file = signUpdate(file, network.administrator(mspId).identity);
  const missing = missingApprovals(approvals, signers);
  if (missing.length > 0) {
    const path = join(network.base, "updates", `${network.channel}.update.json`);
    await writeWhole(path, formatUpdateFile(file));
    return { waits: signaturesMissing(missing, path) };
  }
  const place = await submitUpdate(network, file, informant);
  await awaitNewConsenters(network, channelGroup, step.wanted);
  return { place };
}

/** Who agrees on blocks from now on does so before another may go. */
async function awaitNewConsenters(network: Network, before: ConfigGroup, after: ConfigGroup): Promise<void> {
  const former = new Set(consentersOf(before).map(addressOf));
  const come = new Set(
    consentersOf(after)
      .map(addressOf)
      .filter((address) => !former.has(address)),
  );
  const own = network.topology.orderers.nodes.filter(
    ({ organisation, address }) => come.has(address) && network.canActFor(organisation),
  );
  for (const place of own) await awaitConsenting(network.participation(place), network.channel);
}

function approvalsMissing(
  { needed, candidates }: Step & { kind: "commit" },
  approvals: ReadonlyMap<string, boolean>,
  departments: number,
): Words {
  const names = (wanted: boolean) =>
    candidates.map(({ mspId }) => mspId).filter((mspId) => (approvals.get(mspId) === true) === wanted);
  const [have, open] = [names(true), names(false)];
  return {
    zh: `${departments} 个部门中须有 ${needed} 个批准，现有 ${have.length} 个（${have.join("、") || "无"}）；${open.join("、")} 尚未批准，请在那里运行 "wanlian network apply"。`,
    en: `${needed} of ${departments} departments have to approve, ${have.length} have (${have.join(", ") || "none"}); not yet ${open.join(", ")}: "wanlian network apply" there.`,
  };
}

function signaturesMissing(missing: readonly Approval[], path: string): Words {
  const zh = missing.map(({ needed, organisations }) => `${organisations.join("、")} 中 ${needed} 个`).join("；");
  const en = missing.map(({ needed, organisations }) => `${needed} of ${organisations.join(", ")}`).join("; ");
  return {
    zh: `还缺签名：${zh}。请将 ${path} 交给它们；各自运行 "wanlian network sign"，最后一个运行 "wanlian network submit"。`,
    en: `Signatures are missing: ${en}. Send them ${path}; each runs "wanlian network sign", the last "wanlian network submit".`,
  };
}
