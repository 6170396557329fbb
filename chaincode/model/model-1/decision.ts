import { LedgerError } from "../errors.js";
import type { Instant, TransactionId } from "../identifiers.js";
import type { Actor, CaseRef, CaseState } from "../kernel/act.js";
import type { Heads } from "../kernel/heads.js";
import { caseName } from "../kernel/key.js";
import type { Circumstances as AnyCircumstances } from "../kernel/noun.js";
import { type Deadline, type DeadlineKind, endDeadlines, startDeadline } from "./deadlines.js";
import type { PolicyInForce } from "./policy/policy-in-force.js";
import type { NounName, Origins, StateOf } from "./states.js";

/** The kernel's, with this version's types. */
export interface Circumstances<S extends CaseState, B> extends AnyCircumstances {
  readonly body: B;
  readonly state: S | undefined;
  readonly policy: PolicyInForce | undefined;
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

  /** What the first act of another case fixed. @throws LedgerError NOT_FOUND */
  origin<N extends keyof Origins>(noun: N, id: string): Origins[N] {
    const { state } = this.#heads({ noun, case: id });
    if (!state) throw new LedgerError("NOT_FOUND", `there is no ${noun} ${id}`);
    // The kernel leaves what the noun says is fixed.
    return state as unknown as Origins[N];
  }

  starting(deadlines: readonly Deadline[], ...kinds: readonly DeadlineKind[]): Deadline[] {
    return kinds.reduce((before, kind) => startDeadline(before, kind, this.time, this.policy), [...deadlines]);
  }

  ending(deadlines: readonly Deadline[], ...kinds: readonly DeadlineKind[]): Deadline[] {
    return endDeadlines(deadlines, kinds, this.time, this.policy.calendar);
  }
}
