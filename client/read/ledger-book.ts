import type { Instant, TransactionId } from "@wanlian/model/identifiers.js";
import type { FieldDigest } from "@wanlian/model/model-1/release/release-schema.js";
import type { NounName, StateOf } from "@wanlian/model/model-1/states.js";

/** Where the node's copy of the ledger stands. */
export interface LedgerPosition {
  /** Blocks folded. */
  readonly height: number;
  /** Header hash of block height - 1, hex. */
  readonly block: string;
  /** The ledger's time. */
  readonly time: Instant;
  /** False while the node is behind or the clock is stale: then it serves no data. */
  readonly ready: boolean;
}

/** A case as the fold has it. */
export interface Case<N extends NounName> {
  /** Number of its last valid act. */
  readonly act: number;
  readonly state: StateOf<N>;
}

/** The node's own copy of the ledger, as far as the exchange asks it. */
export interface LedgerBook {
  position(): LedgerPosition;
  /** Header hash, hex, or undefined if the block is not here yet. */
  blockHash(number: number): Promise<string | undefined>;
  read<N extends NounName>(noun: N, id: string): Promise<Case<N> | undefined>;
  openObjections(release: TransactionId): Promise<readonly TransactionId[]>;
  /** The digests that a release registered, field by field; undefined if there is no such release. */
  releaseFields(release: TransactionId): Promise<readonly FieldDigest[] | undefined>;
  /** Waits until so many blocks are folded; false if that takes too long. */
  reached(height: number): Promise<boolean>;
}
