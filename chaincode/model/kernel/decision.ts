import { LedgerError } from "../errors.js";
import type { Instant, TransactionId } from "../identifiers.js";
import { type Deadline, type DeadlineKind, endDeadlines, startDeadline } from "../model-1/deadlines.js";
import type { PolicyInForce } from "../model-1/policy/policy-in-force.js";
import type { StateOf } from "../model-1/states.js";
import type { Actor, CaseRef, CaseState, NounName } from "./act.js";
import { caseName } from "./key.js";

/** Where a case stands: the number of its last valid act (0: none), the next never written, and the state. */
export interface Head {
  readonly act: number;
  readonly next: number;
  readonly state: CaseState | undefined;
}

/** The head of any case; of one without acts it is {@link NO_ACTS}. */
export type Heads = (ref: CaseRef) => Head;

export const NO_ACTS: Head = { act: 0, next: 1, state: undefined };

interface Circumstances<S extends CaseState, B> {
  readonly ref: CaseRef;
  readonly number: number;
  readonly transaction: TransactionId;
  readonly body: B;
  readonly actor: Actor;
  readonly state: S | undefined;
  readonly time: Instant;
  readonly policy: PolicyInForce | undefined;
  readonly heads: Heads;
}

/** What a rule sees: the command's body, who asks, when, and the cases it depends on; nothing else exists for it. */
export class Decision<S extends CaseState, B> {
  readonly ref: CaseRef;
  readonly number: number;
  readonly transaction: TransactionId;
  readonly body: B;
  readonly actor: Actor;
  /** The case before the act; undefined where it begins with it. */
  readonly state: S | undefined;
  readonly time: Instant;
  readonly #policy: PolicyInForce | undefined;
  readonly #heads: Heads;

  constructor(circumstances: Circumstances<S, B>) {
    this.ref = circumstances.ref;
    this.number = circumstances.number;
    this.transaction = circumstances.transaction;
    this.body = circumstances.body;
    this.actor = circumstances.actor;
    this.state = circumstances.state;
    this.time = circumstances.time;
    this.#policy = circumstances.policy;
    this.#heads = circumstances.heads;
  }

  /** The state of a case that the table says exists. */
  get current(): S {
    if (!this.state) throw new LedgerError("NOT_FOUND", `there is no ${caseName(this.ref)}`);
    return this.state;
  }

  get policy(): PolicyInForce {
    if (!this.#policy) throw new LedgerError("NOT_FOUND", "the channel has no policy yet");
    return this.#policy;
  }

  /** Another case among the dependencies, or undefined if it has no act yet. */
  find<N extends NounName>(noun: N, id: string): StateOf<N> | undefined {
    return this.#heads({ noun, case: id }).state as StateOf<N> | undefined;
  }

  /** Another case among the dependencies. @throws LedgerError NOT_FOUND */
  get<N extends NounName>(noun: N, id: string): StateOf<N> {
    const state = this.find(noun, id);
    if (!state) throw new LedgerError("NOT_FOUND", `there is no ${noun} ${id}`);
    return state;
  }

  starting(deadlines: readonly Deadline[], ...kinds: readonly DeadlineKind[]): Deadline[] {
    return kinds.reduce((before, kind) => startDeadline(before, kind, this.time, this.policy), [...deadlines]);
  }

  ending(deadlines: readonly Deadline[], ...kinds: readonly DeadlineKind[]): Deadline[] {
    return endDeadlines(deadlines, kinds, this.time);
  }
}
