import type { TransactionId } from "@wanlian/model/identifiers.js";
import type { Act, CaseRef } from "@wanlian/model/kernel/act.js";
import { advance, type Head, type Heads, NO_ACTS } from "@wanlian/model/kernel/heads.js";
import { caseName } from "@wanlian/model/kernel/key.js";
import { type LeftKeyStore, LeftKeys } from "./left-keys.js";

/** Where heads are kept for good, and what they came from. */
export interface HeadStore extends LeftKeyStore {
  load(ref: CaseRef): Promise<Head>;
  /** Heads of cases of one noun, by their ids, in as few questions as can be; without those in which nothing counted. */
  loadAll(noun: string, ids: readonly string[]): Promise<ReadonlyMap<string, Head>>;
  /** Numbers of a case, from its head's `next` on, that void transactions have used before their turn. */
  taken(ref: CaseRef): Promise<number[]>;
  /** Names of the cases that have such numbers, or had them. */
  touched(): Promise<string[]>;
  /** The first act of a case that counted, from a number on; undefined if none did. */
  firstCounted(ref: CaseRef, from: number): Promise<CountedAct | undefined>;
}

/** An act that the fold counted, with its transaction. */
export interface CountedAct {
  readonly act: Act;
  readonly transaction: TransactionId;
}

/** Fewer cases than this are asked for one by one. */
const FEW = 16;
/** Enough for policy, clock, members and the busiest cases. */
const MAX_REMEMBERED = 10_000;

/**
 * The heads of all cases: those changed since the last commit, some remembered, the rest in the store.
 * Rules are synchronous and ask for heads as they go; `ask` fetches what they miss and runs them again, which is
 * sound because they are pure.
 */
export class HeadCache {
  readonly #store: HeadStore;
  readonly #changed = new Map<string, Head>();
  readonly #remembered = new Map<string, Head>();
  /** Numbers used before their turn, of cases that void acts have touched; kept, since they are passed only once. */
  readonly #taken = new Map<string, Set<number>>();
  /** Cases that void acts have touched, here or by what the store says; undefined until it was asked. */
  #touched: Set<string> | undefined;
  readonly #remembers: number;
  /** Acts that have counted since the last commit, by their cases. */
  readonly #counted = new Map<string, CountedAct[]>();
  /** What void acts have left under keys of acts. */
  readonly left: LeftKeys;
  /** Counts changes: what was loaded across one may be stale. */
  #generation = 0;

  /** @param remembers how many heads are kept in memory beside those of the open batch */
  constructor(store: HeadStore, remembers = MAX_REMEMBERED) {
    this.#store = store;
    this.#remembers = remembers;
    this.left = new LeftKeys(store);
  }

  async ask<T>(work: (heads: Heads) => T): Promise<T> {
    const loaded = new Map<string, Head>();
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

  async head(ref: CaseRef): Promise<Head> {
    return this.ask((heads) => heads(ref));
  }

  /** Makes the heads of many cases ready at once: what one transaction touched. */
  async prepare(refs: readonly CaseRef[]): Promise<void> {
    const unknown = refs.filter((ref) => !this.#changed.has(caseName(ref)) && !this.#remembered.has(caseName(ref)));
    if (unknown.length < FEW) return;
    const touched = await this.#touchedCases();
    const byNoun = new Map<string, string[]>();
    for (const { noun, case: id } of unknown) {
      const ids = byNoun.get(noun) ?? [];
      byNoun.set(noun, ids);
      ids.push(id);
    }
    for (const [noun, ids] of byNoun) {
      const found = await this.#store.loadAll(noun, ids);
      for (const id of ids) {
        const name = caseName({ noun, case: id });
        const head = found.get(id) ?? (touched.has(name) ? undefined : NO_ACTS);
        if (head !== undefined) this.#remembered.set(name, head);
      }
    }
  }

  /**
   * Takes down that the block being folded used numbers of a case, by an act that counts or by void ones. Kept until
   * `committed` or `abandoned`. @returns the head after
   */
  async use(ref: CaseRef, used: readonly number[], counted?: CountedAct): Promise<Head> {
    const name = caseName(ref);
    const before = await this.head(ref);
    const touched = await this.#touchedCases();
    if (counted === undefined) touched.add(name);
    else this.#counted.set(name, [...(this.#counted.get(name) ?? []), counted]);
    const taken = touched.has(name) ? await this.#takenOf(ref) : new Set<number>();
    const head = advance(before, used, taken, counted);
    this.#generation += 1;
    this.#changed.set(name, head);
    return head;
  }

  async firstCounted(ref: CaseRef, from: number): Promise<CountedAct | undefined> {
    const stored = await this.#store.firstCounted(ref, from);
    return stored ?? this.#counted.get(caseName(ref))?.find(({ act }) => act.number >= from);
  }

  /** The store has what changed. */
  committed(): void {
    this.#counted.clear();
    this.left.forget();
    if (this.#remembered.size > this.#remembers) this.#remembered.clear();
    for (const [name, head] of this.#changed) this.#remembered.set(name, head);
    this.#changed.clear();
    this.#generation += 1;
  }

  /** The store has none of what changed. */
  abandoned(): void {
    this.#counted.clear();
    this.left.forget();
    this.#taken.clear();
    this.#touched = undefined;
    this.#changed.clear();
    this.#generation += 1;
  }

  async #takenOf(ref: CaseRef): Promise<Set<number>> {
    const name = caseName(ref);
    const taken = this.#taken.get(name) ?? new Set(await this.#store.taken(ref));
    this.#taken.set(name, taken);
    return taken;
  }

  async #touchedCases(): Promise<Set<string>> {
    this.#touched ??= new Set(await this.#store.touched());
    return this.#touched;
  }

  async #fetch(ref: CaseRef, loaded: Map<string, Head>): Promise<void> {
    const generation = this.#generation;
    const name = caseName(ref);
    const head = await this.#store.load(ref);
    loaded.set(name, head);
    if (generation === this.#generation && !this.#changed.has(name)) this.#remembered.set(name, head);
  }
}

/** Thrown through a rule that asks for a head that is not at hand; one for all, since nobody looks at its stack. */
const MISSING = new Error("a head is not at hand");
