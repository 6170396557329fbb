import type { Digest, TransactionId } from "@wanlian/model/identifiers.js";
import type { RowProof } from "@wanlian/model/release/row-proof.js";
import type { Question } from "@wanlian/verify";
import type { FoldedAct } from "../../core/index.js";

/** A case as it stood below a height: by the act of the answer's that was its last then. */
export interface AnsweredStanding {
  readonly act: FoldedAct;
  readonly height: number;
}

/** The cell that a digest is of. */
export interface AnsweredCell {
  readonly release: TransactionId;
  readonly field: string;
  readonly digest: Digest;
  readonly proof: RowProof;
}

/** What the node answers to a question, before it is proven. */
export interface Answered {
  readonly question: Question;
  /** In the answer's order. */
  readonly acts: readonly FoldedAct[];
  readonly standings: readonly AnsweredStanding[];
  readonly cell?: AnsweredCell;
  /** Ids of access records in the node's own log. */
  readonly records: readonly Digest[];
  readonly more: boolean;
}
