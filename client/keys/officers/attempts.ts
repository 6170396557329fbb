import { KeyError } from "../../core/index.js";

/** Failures in a row before an officer has to wait; a person mistypes two or three times. */
export const MAX_FAILURES = 5;
/** The first wait; each further failure doubles it. */
export const FIRST_WAIT_MS = 60_000;
export const LONGEST_WAIT_MS = 60 * 60_000;
/** Names that are remembered at once, so that invented ones cannot fill the memory. */
const MAX_NAMES = 10_000;

interface Failures {
  count: number;
  lockedUntil: number;
}

/** Counts failed log-ins by officer number, known or not: the answer must not tell which numbers exist. */
export class Attempts {
  readonly #failures = new Map<string, Failures>();

  /** Throws LOCKED_OUT with the seconds to wait. */
  check(officer: string, now: Date): void {
    const lockedUntil = this.#failures.get(officer)?.lockedUntil ?? 0;
    const wait = lockedUntil - now.getTime();
    if (wait <= 0) return;
    const seconds = Math.ceil(wait / 1000);
    throw new KeyError("LOCKED_OUT", `Too many failed log-ins of officer ${officer}: wait ${seconds} s.`, {
      details: {
        retryAfterSeconds: seconds,
      },
    });
  }

  failed(officer: string, now: Date): void {
    const count = (this.#failures.get(officer)?.count ?? 0) + 1;
    const wait = count < MAX_FAILURES ? 0 : Math.min(FIRST_WAIT_MS * 2 ** (count - MAX_FAILURES), LONGEST_WAIT_MS);
    this.#failures.delete(officer);
    this.#failures.set(officer, { count, lockedUntil: now.getTime() + wait });
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > MAX_NAMES && oldest !== undefined) this.#failures.delete(oldest);
  }

  succeeded(officer: string): void {
    this.#failures.delete(officer);
  }
}
