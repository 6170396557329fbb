import type { Block } from "@wanlian/protocol/messages/common.js";
import type { Ledger } from "../ledger/ledger.js";

/** A channel that this peer has joined. */
export interface PeerChannel {
  readonly id: string;
  readonly ledger: Ledger;
}

/** The channels that this peer has joined. */
export interface Channels {
  get(id: string): PeerChannel | undefined;
  all(): readonly PeerChannel[];
  /** Joins a channel by its genesis block. @throws PeerError if the peer has joined it, or the block is none. */
  join(genesis: Block): Promise<void>;
}
