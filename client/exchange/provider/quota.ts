import type { Instant, TransactionId } from "@wanlian/model/identifiers.js";
import type { GrantRead } from "@wanlian/model/reading.js";

/** Calls that were served under a grant, from an instant of the ledger's time on. */
export type CountCalls = (grant: TransactionId, from: Instant) => Promise<number>;

/** Periods kept in memory; the oldest are asked for anew. */
const MAX_PERIODS = 50_000;

/**
 * 频次: counts the calls under each grant in its current day or month (China Standard Time) or in all. Counting is
 * taken up once from the node's own records and goes on in memory, since this node is the only one that serves.
 */
export class Quotas {
  readonly #countBefore: CountCalls;
  readonly #counts = new Map<string, Promise<{ calls: number }>>();

  constructor(countBefore: CountCalls) {
    this.#countBefore = countBefore;
  }

  /** Takes one call out of the quota, if there is one left. @param start of the period that calls count in */
  async take(id: TransactionId, grant: GrantRead, start: Instant): Promise<boolean> {
    const key = `${id} ${start}`;
    let count = this.#counts.get(key);
    if (count === undefined) {
      count = this.#countBefore(id, start).then((calls) => ({ calls }));
      this.#counts.set(key, count);
      count.catch(() => this.#counts.delete(key));
      const [oldest] = this.#counts.keys();
      if (this.#counts.size > MAX_PERIODS && oldest !== undefined) this.#counts.delete(oldest);
    }
    const counter = await count;
    if (counter.calls >= grant.frequency.calls) return false;
    counter.calls += 1;
    return true;
  }
}
