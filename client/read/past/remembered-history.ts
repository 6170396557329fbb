import type { MspId } from "@wanlian/model/identifiers.js";
import type { Anchor, LedgerPast, LedgerPosition, RuleAt, RuledUse, RulesAt } from "../ledger-reader.js";

/** Answers kept of each kind. */
const MAX_REMEMBERED = 50_000;

/** The past does not change: what millions of records ask of it is read once. */
export class RememberedHistory implements LedgerPast {
  readonly #history: LedgerPast;
  readonly #hashes = new Map<number, Promise<string | undefined>>();
  readonly #rulesAt = new Map<number, Promise<RulesAt | undefined>>();
  readonly #rules = new Map<string, Promise<RuleAt | undefined>>();

  constructor(history: LedgerPast) {
    this.#history = history;
  }

  blockHash(number: number): Promise<string | undefined> {
    return remember(this.#hashes, number, () => this.#history.blockHash(number));
  }

  rulesAt(height: number): Promise<RulesAt | undefined> {
    return remember(this.#rulesAt, height, () => this.#history.rulesAt(height));
  }

  ruleAt(use: RuledUse, height: number): Promise<RuleAt | undefined> {
    const { grant, dataset, release, consumer, mandate = "" } = use;
    const key = `${grant} ${dataset} ${release} ${consumer} ${mandate} ${height}`;
    return remember(this.#rules, key, () => this.#history.ruleAt(use, height));
  }

  anchors(department: MspId): Promise<readonly Anchor[]> {
    return this.#history.anchors(department);
  }

  position(): LedgerPosition {
    return this.#history.position();
  }
}

function remember<K, V>(known: Map<K, Promise<V>>, key: K, read: () => Promise<V>): Promise<V> {
  const found = known.get(key);
  if (found !== undefined) return found;
  if (known.size >= MAX_REMEMBERED) known.clear();
  const made = read();
  known.set(key, made);
  made.catch(() => known.delete(key));
  return made;
}
