import type { CountedAct, HeadStore } from "@wanlian/client/fold/heads.js";
import type { CaseRef } from "@wanlian/model/kernel/act.js";
import { advance, type Head, NO_ACTS } from "@wanlian/model/kernel/heads.js";
import { caseName } from "@wanlian/model/kernel/key.js";

/** A store of heads before the first block. */
export const NOTHING_STORED: HeadStore = {
  load: async () => NO_ACTS,
  loadAll: async () => new Map(),
  taken: async () => [],
  touched: async () => [],
  firstCounted: async () => undefined,
  left: async () => undefined,
  leftUnder: async () => [],
};

/** The heads of all cases, for ledgers in memory. */
export class MemoryHeads {
  readonly #heads = new Map<string, Head>();
  readonly #taken = new Map<string, Set<number>>();

  readonly head = (ref: CaseRef): Head => this.#heads.get(caseName(ref)) ?? NO_ACTS;

  /** Numbers that void acts have used before their turn, ascending. */
  taken(ref: CaseRef): number[] {
    return [...(this.#taken.get(caseName(ref)) ?? [])].sort((one, other) => one - other);
  }

  /** The same heads, to go on from by themselves. */
  fork(): MemoryHeads {
    const copy = new MemoryHeads();
    for (const [name, head] of this.#heads) copy.#heads.set(name, head);
    for (const [name, taken] of this.#taken) copy.#taken.set(name, new Set(taken));
    return copy;
  }

  use(ref: CaseRef, used: readonly number[], counted?: CountedAct): void {
    const name = caseName(ref);
    const taken = this.#taken.get(name) ?? new Set<number>();
    this.#taken.set(name, taken);
    this.#heads.set(name, advance(this.head(ref), used, taken, counted));
  }
}
