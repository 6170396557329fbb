import type { Instant, MspId, OfficerNumber, TransactionId } from "../identifiers.js";
import type { Role } from "../roles.js";
import type { Recent } from "./pace.js";

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
 * A case that a command depends on, and what of it. `state`: as the case stands. `origin`: what its first act fixed for
 * good, which nobody can move; only of cases that take the id of the transaction that begins them.
 */
export interface Dependency extends CaseRef {
  readonly on: "state" | "origin";
}

/** What a command says about a case that it relies on. */
export type BasisEntry = StandingEntry | OriginEntry;

/**
 * That the case stands where it does: `act` is the number of its last valid act (0: none), `transaction` that act's,
 * `next` the next number that was never written. Every endorser reads the act and that nothing is written under the
 * next number, so that whatever moved meanwhile makes the transaction fail.
 */
export interface StandingEntry extends CaseRef {
  readonly act: number;
  /** Absent where there is no act. */
  readonly transaction?: TransactionId;
  readonly next: number;
}

/** That the case began with this act. Every endorser reads the act and nothing else: so nobody can move it. */
export interface OriginEntry extends CaseRef {
  readonly act: 1;
  readonly transaction: TransactionId;
  readonly next?: never;
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

/** What all states have in common: the tables speak of the status, the kernel keeps who has acted lately. */
export interface CaseState {
  readonly status: string;
  /** Written by the kernel; absent where the noun is not paced. */
  readonly recent?: Recent | undefined;
}

/** An act is read, copied and judged by every node, whole; this bounds what one transaction can cost them. */
export const MAX_ACT_BYTES = 64 * 1024;
/** A command names few cases: own, policy, clock, member, and what it refers to. */
export const MAX_BASIS_ENTRIES = 48;
