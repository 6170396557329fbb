import type { UseWarning } from "../core/index.js";

/** Warnings that are kept for followers who are behind; all of them stand in the node's tables. */
const MOST_KEPT = 1000;

/** Warnings as they are raised, for those who follow the node's events from then on. */
export class ToldWarnings {
  readonly #told: { readonly number: number; readonly warning: UseWarning }[] = [];
  readonly #wake: () => void;
  #number = 0;

  /** @param wake tells those who wait for news */
  constructor(wake: () => void) {
    this.#wake = wake;
  }

  tell(warning: UseWarning): void {
    this.#number += 1;
    this.#told.push({ number: this.#number, warning });
    if (this.#told.length > MOST_KEPT) this.#told.shift();
    this.#wake();
  }

  /** Those that were told after a number, with the number to go on from. @param number undefined: from now on */
  since(number = this.#number): { readonly warnings: readonly UseWarning[]; readonly number: number } {
    const told = this.#told.filter((one) => one.number > number);
    return { warnings: told.map(({ warning }) => warning), number: this.#number };
  }
}
