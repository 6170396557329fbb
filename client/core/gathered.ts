/**
 * What came of a source while its reader was at work, together: whoever keeps up gets items one by one and waits for
 * nothing, whoever is behind gets them by the batch. No more than `most` of weight waits here, beside one item.
 * An error of the source comes after what came before it.
 */
export async function* gathered<T>(
  source: AsyncIterable<T>,
  weigh: (item: T) => number,
  most: number,
): AsyncGenerator<T[]> {
  const iterator = source[Symbol.asyncIterator]();
  const news = new Bell();
  let waiting: T[] = [];
  let weight = 0;
  let isOpen = true;
  const fill = async () => {
    while (isOpen) {
      const { done, value } = await iterator.next();
      if (done === true) return;
      waiting.push(value);
      weight += weigh(value);
      news.ring();
      while (weight >= most && isOpen) await news.rung();
    }
  };
  const filling = fill().finally(() => {
    isOpen = false;
    news.ring();
  });
  // It is awaited at the end; until then its failure is nobody's.
  filling.catch(() => undefined);
  try {
    while (isOpen || waiting.length > 0) {
      if (waiting.length === 0) {
        await news.rung();
        continue;
      }
      const batch = waiting;
      waiting = [];
      weight = 0;
      news.ring();
      yield batch;
    }
    await filling;
  } finally {
    isOpen = false;
    news.ring();
    // Not awaited: a source that waits for more may have to be told otherwise that nobody does.
    iterator.return?.().catch(() => undefined);
  }
}

/** Wakes all who wait for it. */
class Bell {
  #waiting: (() => void)[] = [];

  ring(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  rung(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
