import type { Instant, MspId, OfficerNumber, TransactionId } from "../identifiers.js";
import type { Role } from "../roles.js";

/** A case: one policy, one dataset, one application. */
export interface CaseRef {
  /** The kind of case: the contract's name and the first part of the key. Which there are, a model says. */
  readonly noun: string;
  readonly case: string;
}

/** One act of a case. Numbers begin at 1. */
export interface ActRef extends CaseRef {
  readonly number: number;
}

/**
 * What a command relies on in a case: `act` is the number of its last valid act (0: none), `transaction` that act's,
 * `next` the next number that was never written. Every endorser reads the act and that nothing is written under the
 * next number, so that whatever moved meanwhile makes the transaction fail.
 */
export interface BasisEntry extends CaseRef {
  readonly act: number;
  /** Absent where there is no act. */
  readonly transaction?: TransactionId;
  readonly next: number;
}

/** Who acts: read from the transaction's creator, never an argument. */
export interface Actor {
  readonly department: MspId;
  readonly officer: OfficerNumber;
  readonly roles: readonly Role[];
  /** The certificate's NotAfter. */
  readonly certificateExpires: Instant;
}

/**
 * What an officer asks for. `case` is null where the case begins with this act and takes the transaction's id.
 * `basis` names the cases of `dependencies(command, actor)`, in any order.
 */
export interface Command {
  readonly noun: string;
  readonly case: string | null;
  readonly type: string;
  readonly body: unknown;
  readonly basis: readonly BasisEntry[];
}

export interface Author {
  readonly department: MspId;
  readonly officer: OfficerNumber;
}

/** What the ledger holds: an officer did something in a case. Its canonical JSON is the value of its key. */
export interface Act extends ActRef {
  /** The version of the model that gave it. */
  readonly schema: number;
  readonly type: string;
  readonly author: Author;
  readonly basis: readonly BasisEntry[];
  readonly body: unknown;
  /** The case after the act: only what rules read. */
  readonly state: CaseState;
}

/** What all states have in common: the tables speak of the status. */
export interface CaseState {
  readonly status: string;
}

/** An act is read, copied and judged by every node, whole; this bounds what one transaction can cost them. */
export const MAX_ACT_BYTES = 64 * 1024;
/** A command names few cases: own, policy, clock, member, and what it refers to. */
export const MAX_BASIS_ENTRIES = 48;
