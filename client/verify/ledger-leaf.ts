import { canonicalBytes } from "@wanlian/model/canonical.js";

/** One block as every node has to find it: order and content, what counted on Fabric, what the fold found. */
export interface LedgerLeaf {
  readonly block: number;
  /** Header hash, hex. */
  readonly hash: string;
  /** Validation codes, a byte a transaction, hex. */
  readonly codes: string;
  /** Hex; empty for block 0. */
  readonly commitHash: string;
  /** The fold's verdicts, canonical JSON text. */
  readonly verdicts: string;
}

export function ledgerLeaf(leaf: LedgerLeaf): Uint8Array {
  return canonicalBytes(leaf);
}
