import type { CaseRef } from "@wanlian/model/kernel/act.js";
import type { Heads } from "@wanlian/model/kernel/heads.js";
import type { TrackedHead } from "@wanlian/model/kernel/judge.js";
import { caseName } from "@wanlian/model/kernel/key.js";

/** Where heads are kept for good. */
export interface HeadStore {
  load(ref: CaseRef): Promise<TrackedHead>;
}

/** Heads kept in memory beside those of the open batch: policy, clock, members and the busiest cases. */
const MAX_REMEMBERED = 10_000;

/**
 * The heads of all cases: those changed since the last commit, some remembered, the rest in the store.
 * Rules are synchronous and ask for heads as they go; `ask` fetches what they miss and runs them again, which is
 * sound because they are pure.
 */
export class HeadCache {
  readonly #store: HeadStore;
  readonly #changed = new Map<string, TrackedHead>();
  readonly #remembered = new Map<string, TrackedHead>();
  /** Counts changes: what was loaded across one may be stale. */
  #generation = 0;

  constructor(store: HeadStore) {
    this.#store = store;
  }

  async ask<T>(work: (heads: Heads) => T): Promise<T> {
    const loaded = new Map<string, TrackedHead>();
    let generation = this.#generation;
    for (;;) {
      if (generation !== this.#generation) {
        loaded.clear();
        generation = this.#generation;
      }
      const missing: CaseRef[] = [];
      const heads: Heads = (ref) => {
        const name = caseName(ref);
        const head = this.#changed.get(name) ?? this.#remembered.get(name) ?? loaded.get(name);
        if (head !== undefined) return head;
        missing.push(ref);
        throw MISSING;
      };
      try {
        return work(heads);
      } catch (error) {
        if (error !== MISSING) throw error;
      }
      for (const ref of missing) await this.#fetch(ref, loaded);
    }
  }

  async head(ref: CaseRef): Promise<TrackedHead> {
    return this.ask((heads) => heads(ref) as TrackedHead);
  }

  /** A head as the block that is being folded makes it. Kept until `committed` or `abandoned`. */
  change(ref: CaseRef, head: TrackedHead): void {
    this.#generation += 1;
    this.#changed.set(caseName(ref), head);
  }

  /** The store has what changed. */
  committed(): void {
    if (this.#remembered.size > MAX_REMEMBERED) this.#remembered.clear();
    for (const [name, head] of this.#changed) this.#remembered.set(name, head);
    this.#changed.clear();
    this.#generation += 1;
  }

  /** The store has none of what changed. */
  abandoned(): void {
    this.#changed.clear();
    this.#generation += 1;
  }

  async #fetch(ref: CaseRef, loaded: Map<string, TrackedHead>): Promise<void> {
    const generation = this.#generation;
    const name = caseName(ref);
    const head = await this.#store.load(ref);
    loaded.set(name, head);
    if (generation === this.#generation && !this.#changed.has(name)) this.#remembered.set(name, head);
  }
}

/** Thrown through a rule that asks for a head that is not at hand; one for all, since nobody looks at its stack. */
const MISSING = new Error("a head is not at hand");
