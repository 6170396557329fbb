interface Waiter {
  readonly number: bigint;
  readonly wake: () => void;
  readonly fail: (reason: Error) => void;
}

/** The number of blocks a chain has, and who waits for the next ones. */
export class Height {
  #value: bigint;
  #failure: Error | undefined;
  readonly #waiters = new Set<Waiter>();

  constructor(value: bigint) {
    this.#value = value;
  }

  get value(): bigint {
    return this.#value;
  }

  /** Raises the height and wakes those who waited for a block below it. */
  advance(value: bigint): void {
    this.#value = value;
    for (const waiter of this.#waiters) {
      if (waiter.number < value) {
        waiter.wake();
      }
    }
  }

  /** No more blocks will come: turns away who waits and who will. */
  fail(reason: Error): void {
    this.#failure = reason;
    for (const waiter of this.#waiters) {
      waiter.fail(reason);
    }
  }

  /** Resolves once block `number` exists. Rejects with the signal's reason when it aborts, or when no more blocks come. */
  async reach(number: bigint, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (number < this.#value) {
      return;
    }
    if (this.#failure !== undefined) {
      throw this.#failure;
    }
    await new Promise<void>((resolve, reject) => {
      const settle = (outcome: () => void) => {
        this.#waiters.delete(waiter);
        signal.removeEventListener("abort", onAbort);
        outcome();
      };
      const fail = (reason: Error) => settle(() => reject(reason));
      const waiter: Waiter = { number, wake: () => settle(resolve), fail };
      const onAbort = () => settle(() => reject(signal.reason));
      this.#waiters.add(waiter);
      signal.addEventListener("abort", onAbort, { once: true });
    });
  }
}
