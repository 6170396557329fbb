import { equalBytes } from "@wanlian/protocol/bytes.js";
import type { Endorsement, ProposalResponse, SignedProposal } from "@wanlian/protocol/messages/proposal.js";
import type { ChannelPeer } from "../planning/membership.js";
import type { EndorsementPlan, Layout } from "../planning/planner.js";
import { byHeight } from "./candidates.js";
import type { Endorsers } from "./endorsers.js";
import type { Detail } from "./errors.js";

/** Endorsements that satisfy a plan, all of the same payload. */
export interface Collected {
  readonly payload: Uint8Array;
  readonly endorsements: readonly Endorsement[];
}

/**
 * Collects endorsements of one proposal by a plan: layout after layout, within a layout all groups at once (Fabric's
 * internal/pkg/gateway/endorse.go).
 */
export class EndorsementCollection {
  readonly #endorsers: Endorsers;
  readonly #proposal: SignedProposal;
  readonly #signal: AbortSignal;
  readonly #endorsed = new Map<string, Endorsement>();
  readonly #asked = new Set<string>();
  readonly details: Detail[] = [];
  #payload: Uint8Array | undefined;

  constructor(endorsers: Endorsers, proposal: SignedProposal, signal: AbortSignal) {
    this.#endorsers = endorsers;
    this.#proposal = proposal;
    this.#signal = signal;
  }

  /** Takes an answer that has been had before. The first answer is the one that all others must equal. */
  accept(peer: ChannelPeer, { payload, endorsement }: ProposalResponse): boolean {
    this.#asked.add(peer.address);
    this.#payload ??= payload;
    if (endorsement === undefined || !equalBytes(this.#payload, payload)) {
      const { address, mspId } = peer;
      this.details.push({ address, mspId, message: "ProposalResponsePayloads do not match" });
      return false;
    }
    this.#endorsed.set(peer.address, endorsement);
    return true;
  }

  /** Undefined when no layout could be satisfied; `details` then say why. */
  async collect({ groups, layouts }: EndorsementPlan, preferred?: ChannelPeer): Promise<Collected | undefined> {
    for (const layout of inOrder(layouts, groups, preferred)) {
      const endorsements = await this.#satisfy(layout, groups);
      if (this.#signal.aborted) return undefined;
      if (endorsements !== undefined && this.#payload !== undefined) return { payload: this.#payload, endorsements };
    }
    return undefined;
  }

  async #satisfy(layout: Layout, groups: EndorsementPlan["groups"]): Promise<Endorsement[] | undefined> {
    const used = new Set<string>();
    const parts = [...layout].map(([group, quantity]) => {
      const peers = [...(groups.get(group) ?? [])].sort(byHeight);
      const have = peers.filter(({ address }) => this.#endorsed.has(address) && !used.has(address)).slice(0, quantity);
      for (const { address } of have) used.add(address);
      return { peers, missing: quantity - have.length };
    });
    const gained = await Promise.all(
      parts.flatMap(({ peers, missing }) => Array.from({ length: missing }, () => this.#next(peers))),
    );
    if (!gained.every((address) => address !== undefined)) return undefined;
    return [...used, ...gained].flatMap((address) => this.#endorsed.get(address) ?? []);
  }

  /** Asks one peer of a group after the other until one endorses; gives its address. */
  async #next(peers: readonly ChannelPeer[]): Promise<string | undefined> {
    for (;;) {
      const peer = peers.find(({ address }) => !this.#asked.has(address));
      if (peer === undefined || this.#signal.aborted) return undefined;
      this.#asked.add(peer.address);
      const answer = await this.#endorsers.ask(peer, this.#proposal, this.#signal);
      if (answer.$case === "failed") this.details.push(answer.detail);
      else if (this.accept(peer, answer.response)) return peer.address;
    }
  }
}

/** Layouts with the group of a peer that has endorsed already come first; otherwise by chance, so that no peer has all the work. */
function inOrder(layouts: readonly Layout[], groups: EndorsementPlan["groups"], preferred?: ChannelPeer): Layout[] {
  const home = [...groups].find(([, peers]) => peers.some(({ address }) => address === preferred?.address))?.[0];
  const ranked = layouts.map((layout) => ({
    layout,
    rank: (home !== undefined && layout.has(home) ? 0 : 1) + Math.random(),
  }));
  return ranked.sort((one, other) => one.rank - other.rank).map(({ layout }) => layout);
}
