import type { CommittedDefinition } from "./contracts/lifecycle.js";
import type { CertificateExpiry } from "./expiry.js";
import type { Answer } from "./state.js";

/** How an orderer does. */
export interface OrdererStatus {
  readonly mspId: string;
  readonly name: string;
  readonly address: string;
  readonly channel: Answer<OrdererChannel>;
}

/** In the orderer's own words; without them it has not joined. */
export interface OrdererChannel {
  readonly height: bigint;
  readonly status: string | undefined;
  readonly relation: string | undefined;
}

/** How a peer does. */
export interface PeerStatus {
  readonly mspId: string;
  readonly name: string;
  readonly address: string;
  readonly ledger: Answer<PeerLedger>;
  readonly contracts: Answer<CommittedDefinition | undefined>;
  /** Whether the contracts' process beside it answers; withheld where there are no contracts to ask. */
  readonly process: Answer<"answers">;
  /** How many of the topology's peers it sees. */
  readonly sees: Answer<number>;
  /** Behind the highest ledger, and no further when asked again. */
  readonly standsStill: boolean;
}

export interface PeerLedger {
  readonly height: bigint;
  /** Hashes of the highest block that every peer has, hexadecimal. */
  readonly blockHash: string;
  readonly commitHash: string;
}

/** What a network's orderers and peers say of themselves. */
export interface ObservedNetwork {
  readonly channel: string;
  /** The block that is compared between the peers. */
  readonly comparedAt: bigint | undefined;
  readonly orderers: readonly OrdererStatus[];
  readonly peers: readonly PeerStatus[];
  readonly certificates: readonly CertificateExpiry[];
}
