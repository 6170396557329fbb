import type { CaseRef } from "@wanlian/model/kernel/act.js";
import type { FoldedAct } from "../core/index.js";
import type { HeadCache } from "../fold/index.js";

/** What became of a transaction id on the ledger, as the fold has it. */
export type Fate =
  | { readonly kind: "counted"; readonly act: FoldedAct }
  | { readonly kind: "void"; readonly reason: string }
  /** In a block, but refused by validation. */
  | { readonly kind: "invalid"; readonly code: number };

/** An act of a case, as far as it can upset what an officer decided before it. */
export interface Step {
  readonly department: string;
  readonly status: string;
}

/** The fold, as far as submission needs it. */
export interface LedgerView {
  readonly heads: HeadCache;
  /** A case's counted acts from a number on, in order: who made them, and the status after. */
  course(ref: CaseRef, from: number): Promise<readonly Step[]>;
  /** Undefined while the id is in no block that the fold has taken in. */
  fate(transactionId: string): Promise<Fate | undefined>;
  /** Resolves when the next block has been taken in. */
  nextBlock(signal: AbortSignal): Promise<void>;
}
