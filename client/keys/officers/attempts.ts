import { KeyError } from "../../core/index.js";

/** Failures in a row before a wait; a person mistypes two or three times. */
export const MAX_FAILURES = 5;
/** The first wait; each further failure doubles it. */
export const FIRST_WAIT_MS = 60_000;
export const LONGEST_WAIT_MS = 60 * 60_000;
/** Failures on one officer from anywhere, and from one address on anybody, before strangers wait. */
export const MAX_FAILURES_ON_OFFICER = 50;
export const MAX_FAILURES_FROM_ADDRESS = 200;
/** Without a failure for so long, the count begins anew. */
export const FORGOTTEN_AFTER_MS = 24 * 60 * 60_000;
/** What is remembered of a kind at once, so that invented names cannot fill the memory. */
const MAX_REMEMBERED = 10_000;

interface Failures {
  readonly count: number;
  readonly last: number;
  readonly lockedUntil: number;
}

/** Who tries to log in, and from where. */
export interface Attempt {
  /** Known or not: the answer must not tell which numbers exist. */
  readonly officer: string;
  /** The network address that the request came from. */
  readonly address: string;
}

/**
 * Counts failed log-ins by officer and address together: whoever guesses locks out the own address, never the officer.
 * Guesses from many addresses at one officer, and from one address at many officers, make strangers wait: those who
 * have not logged in as that officer from that address before.
 */
export class Attempts {
  readonly #pairs = new Counts(MAX_FAILURES);
  readonly #officers = new Counts(MAX_FAILURES_ON_OFFICER);
  readonly #addresses = new Counts(MAX_FAILURES_FROM_ADDRESS);
  /** Pairs that have logged in, the last one last. */
  readonly #known = new Set<string>();

  /** @throws KeyError LOCKED_OUT with the seconds to wait */
  check(attempt: Attempt, now: Date): void {
    const pair = pairOf(attempt);
    const { officer, address } = attempt;
    const isKnown = this.#known.has(pair);
    const asStranger = isKnown ? 0 : Math.max(this.#officers.wait(officer, now), this.#addresses.wait(address, now));
    const wait = Math.max(this.#pairs.wait(pair, now), asStranger);
    if (wait <= 0) return;
    const seconds = Math.ceil(wait / 1000);
    throw new KeyError("LOCKED_OUT", `Too many failed log-ins of officer ${officer}: wait ${seconds} s.`, {
      details: { retryAfterSeconds: seconds },
    });
  }

  failed(attempt: Attempt, now: Date): void {
    this.#pairs.add(pairOf(attempt), now);
    this.#officers.add(attempt.officer, now);
    this.#addresses.add(attempt.address, now);
  }

  succeeded(attempt: Attempt): void {
    const pair = pairOf(attempt);
    this.#pairs.forget(pair);
    remember(this.#known, pair);
  }
}

/** Failures in a row by key, with the wait that they have brought. */
class Counts {
  readonly #failures = new Map<string, Failures>();

  constructor(private readonly allowed: number) {}

  /** Milliseconds from now, not above 0 where there is nothing to wait for. */
  wait(key: string, now: Date): number {
    return (this.#failures.get(key)?.lockedUntil ?? 0) - now.getTime();
  }

  add(key: string, now: Date): void {
    const earlier = this.#failures.get(key);
    const isForgotten = earlier === undefined || now.getTime() - earlier.last > FORGOTTEN_AFTER_MS;
    const count = isForgotten ? 1 : earlier.count + 1;
    const beyond = count - this.allowed;
    const wait = beyond < 0 ? 0 : Math.min(FIRST_WAIT_MS * 2 ** beyond, LONGEST_WAIT_MS);
    this.#failures.delete(key);
    this.#failures.set(key, { count, last: now.getTime(), lockedUntil: now.getTime() + wait });
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > MAX_REMEMBERED && oldest !== undefined) this.#failures.delete(oldest);
  }

  forget(key: string): void {
    this.#failures.delete(key);
  }
}

const pairOf = ({ officer, address }: Attempt): string => JSON.stringify([officer, address]);

function remember(known: Set<string>, pair: string): void {
  known.delete(pair);
  known.add(pair);
  const [oldest] = known;
  if (known.size > MAX_REMEMBERED && oldest !== undefined) known.delete(oldest);
}
