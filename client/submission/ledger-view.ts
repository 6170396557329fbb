import type { FoldedAct } from "../core/index.js";
import type { HeadCache } from "../fold/index.js";

/** What became of a transaction id on the ledger, as the fold has it. */
export type Fate =
  | { readonly kind: "counted"; readonly act: FoldedAct }
  | { readonly kind: "void"; readonly reason: string }
  /** In a block, but refused by validation. */
  | { readonly kind: "invalid"; readonly code: number };

/** The fold, as far as submission needs it. */
export interface LedgerView {
  readonly heads: HeadCache;
  /** Undefined while the id is in no block that the fold has taken in. */
  fate(transactionId: string): Promise<Fate | undefined>;
  /** Resolves when the next block has been taken in. */
  nextBlock(signal: AbortSignal): Promise<void>;
}
