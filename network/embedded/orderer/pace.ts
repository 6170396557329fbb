/** What a lone transaction waits: enough for those that were sent with it. */
const LEAST_MS = 10;
/** What each further transaction of the block before adds: at fifty a second and more, blocks grow. */
const EACH_MS = 20;

/**
 * How long a block waits for company. Every peer pays for a block as for a transaction or two, so that blocks of one each would halve what
 * a network can do; but whoever is alone on it should not wait for nobody. So a block waits by how many came together in the one before,
 * and never longer than the channel's batch timeout.
 */
export class Pace {
  #last = 1;

  /** Takes note of a block's number of transactions. */
  cut(transactions: number): void {
    this.#last = transactions;
  }

  /** Milliseconds from a block's first transaction to its cut. */
  wait(batchTimeoutMs: number): number {
    return Math.min(batchTimeoutMs, LEAST_MS + (this.#last - 1) * EACH_MS);
  }
}
