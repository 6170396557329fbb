import type { Channels } from "../channels.js";
import { ChaincodeDirectory } from "./chaincode-facts.js";
import type { ChannelPeer, Membership } from "./membership.js";
import { EndorsementPlanner } from "./planner.js";

/** What is needed to plan endorsements on one channel. */
export interface ChannelPlanning {
  readonly chaincodes: ChaincodeDirectory;
  readonly planner: EndorsementPlanner;
  peers(): readonly ChannelPeer[];
}

/** One planner a channel, made when first asked for. */
export class Plannings {
  readonly #channels: Channels;
  readonly #membership: Membership;
  readonly #made = new Map<string, ChannelPlanning>();

  constructor(channels: Channels, membership: Membership) {
    this.#channels = channels;
    this.#membership = membership;
  }

  /** Undefined for a channel that this peer has not joined. */
  of(channelId: string): ChannelPlanning | undefined {
    const ledger = this.#channels.get(channelId)?.ledger;
    let planning = this.#made.get(channelId);
    if (ledger === undefined || planning !== undefined) return planning;
    const chaincodes = new ChaincodeDirectory(ledger);
    const peers = (): readonly ChannelPeer[] => this.#membership.peers(channelId);
    planning = { chaincodes, planner: new EndorsementPlanner(chaincodes, () => ledger.config, peers), peers };
    this.#made.set(channelId, planning);
    return planning;
  }

  close(): void {
    for (const { chaincodes } of this.#made.values()) chaincodes.close();
  }
}
