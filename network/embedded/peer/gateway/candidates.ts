import type { Executor } from "../endorser/executor.js";
import type { ChannelPeer } from "../planning/membership.js";
import type { ChannelPlanning, Plannings } from "../planning/plannings.js";

/** Which peers of a channel run a chaincode, by organization, those with the most blocks first. */
export class Candidates {
  readonly #plannings: Plannings;
  readonly #executor: Pick<Executor, "isSystem">;

  constructor(plannings: Plannings, executor: Pick<Executor, "isSystem">) {
    this.#plannings = plannings;
    this.#executor = executor;
  }

  async byOrganization(channelId: string, chaincode: string): Promise<Map<string, ChannelPeer[]>> {
    const planning = this.#plannings.of(channelId);
    const found = new Map<string, ChannelPeer[]>();
    if (planning === undefined) return found;
    const runs = await this.#runs(planning, chaincode);
    for (const peer of planning
      .peers()
      .filter(({ mspId }) => runs(mspId))
      .sort(byHeight)) {
      const peers = found.get(peer.mspId) ?? [];
      peers.push(peer);
      found.set(peer.mspId, peers);
    }
    return found;
  }

  async #runs(planning: ChannelPlanning, chaincode: string): Promise<(mspId: string) => boolean> {
    if (this.#executor.isSystem(chaincode)) return () => true;
    const facts = await planning.chaincodes.find(chaincode);
    return (mspId) => facts?.runners.has(mspId) ?? false;
  }
}

/** The highest ledger first; this peer before others of the same height. */
export function byHeight(one: ChannelPeer, other: ChannelPeer): number {
  if (one.height !== other.height) return one.height > other.height ? -1 : 1;
  return Number(other.isLocal) - Number(one.isLocal);
}
