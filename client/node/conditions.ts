import type { Condition, ConditionCode } from "../core/index.js";

/** What is wrong at this moment, each kind at most once, with its beginning. */
export class Conditions {
  readonly #standing = new Map<ConditionCode, Condition>();

  raise(code: ConditionCode, message: string): void {
    const since = this.#standing.get(code)?.since ?? new Date().toISOString();
    this.#standing.set(code, { code, message, since });
  }

  clear(code: ConditionCode): void {
    this.#standing.delete(code);
  }

  list(): Condition[] {
    return [...this.#standing.values()];
  }
}
