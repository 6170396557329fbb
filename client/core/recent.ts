/**
 * What was put in lately: the last `least` at the least, and no more than twice as many. In two halves of which the older
 * is let go as a whole: to take out the oldest one by one, a map looks over all places that became free before it.
 */
export class Recent<K, V> {
  readonly #least: number;
  #young = new Map<K, V>();
  #old = new Map<K, V>();

  constructor(least: number) {
    this.#least = least;
  }

  get(key: K): V | undefined {
    return this.#young.get(key) ?? this.#old.get(key);
  }

  set(key: K, value: V): void {
    if (this.#young.size >= this.#least) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }
}
