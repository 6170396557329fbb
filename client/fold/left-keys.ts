import { createHash } from "node:crypto";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import { type ActRef, MAX_ACT_BYTES } from "@wanlian/model/kernel/act.js";
import type { NamespaceWrites } from "@wanlian/model/kernel/judge.js";
import { caseName, encodeActKey, numberUsedBy } from "@wanlian/model/kernel/key.js";

/** A key in a number's range that a void act wrote, as it is now. */
export interface LeftKey extends ActRef {
  /** SHA-256 of the key, hex: it may be of any length, and hold what no database takes. */
  readonly key: string;
  /** Undefined where it is longer than any act: nobody reads that. */
  readonly value: Uint8Array | undefined;
}

/** Where it is kept what void acts have left under keys of acts. */
export interface LeftKeyStore {
  left(key: string): Promise<LeftKey | undefined>;
  /** So many of the keys under a number, at most. */
  leftUnder(ref: ActRef, limit: number): Promise<readonly string[]>;
}

/**
 * What void acts have left in the ledger's state. Whoever endorses reads keys, and cannot tell from them which act is void;
 * so who is to say what an honest endorser saw needs them as they are.
 */
export class LeftKeys {
  readonly #store: LeftKeyStore;
  /** By range, then by key; undefined where it was deleted. Since the last commit. */
  readonly #changed = new Map<string, Map<string, LeftKey | undefined>>();

  constructor(store: LeftKeyStore) {
    this.#store = store;
  }

  /** Takes down what a void transaction wrote. @returns the keys as they are now */
  wrote({ writes }: NamespaceWrites): readonly (LeftKey & { readonly isDeleted: boolean })[] {
    const found = new Map<string, LeftKey & { readonly isDeleted: boolean }>();
    for (const { key, value, isDelete: isDeleted } of writes) {
      const ref = numberUsedBy(key);
      if (ref === undefined) continue;
      const left: LeftKey = { ...ref, key: digestOf(key), value: value.length <= MAX_ACT_BYTES ? value : undefined };
      found.set(left.key, { ...left, isDeleted });
      const range = this.#changed.get(rangeName(ref)) ?? new Map<string, LeftKey | undefined>();
      this.#changed.set(rangeName(ref), range.set(left.key, isDeleted ? undefined : left));
    }
    return [...found.values()];
  }

  async value(ref: ActRef, transaction: TransactionId): Promise<Uint8Array | undefined> {
    const key = digestOf(encodeActKey(ref, transaction));
    const range = this.#changed.get(rangeName(ref));
    return (range?.has(key) === true ? range.get(key) : await this.#store.left(key))?.value;
  }

  async isFree(ref: ActRef): Promise<boolean> {
    const range = [...(this.#changed.get(rangeName(ref)) ?? [])];
    if (range.some(([, left]) => left !== undefined)) return false;
    const deleted = new Set(range.map(([key]) => key));
    const stored = await this.#store.leftUnder(ref, deleted.size + 1);
    return stored.every((key) => deleted.has(key));
  }

  /** The store has what changed, or nothing of it is to be kept. */
  forget(): void {
    this.#changed.clear();
  }
}

const digestOf = (key: string): string => createHash("sha256").update(key).digest("hex");
const rangeName = (ref: ActRef): string => `${caseName(ref)} ${ref.number}`;
