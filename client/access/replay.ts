import type { Digest, Instant } from "@wanlian/model/identifiers.js";
import { addSeconds, secondsBetween } from "@wanlian/model/time/instant.js";
import type { LedgerPosition } from "../read/index.js";

/** How old a request may be by the ledger's clock, which ticks every five minutes or later. */
export const REQUEST_LIFE_SECONDS = 15 * 60;

/**
 * Nonces of requests that are young enough to be answered. What is older needs no memory: it is refused as expired.
 * Two windows in turn, so that forgetting costs nothing.
 */
export class ReplayGuard {
  #young = new Set<Digest>();
  #old = new Set<Digest>();
  #turned: Instant | undefined;

  /** @param recent nonces already answered within the life of a request: from the node's own records, at its start */
  constructor(recent: Iterable<Digest> = []) {
    for (const nonce of recent) this.#young.add(nonce);
  }

  /** False if a request with this nonce was let in before. */
  admit(nonce: Digest, now: Instant): boolean {
    this.#turned ??= now;
    if (secondsBetween(this.#turned, now) > 2 * REQUEST_LIFE_SECONDS) {
      this.#old = this.#young;
      this.#young = new Set();
      this.#turned = now;
    }
    if (this.#young.has(nonce) || this.#old.has(nonce)) return false;
    this.#young.add(nonce);
    return true;
  }
}

/** Whether a request's ledger time is one at which it may still be answered, and not ahead of what is known here. */
export function isFresh(asked: Instant, { time }: LedgerPosition): boolean {
  return asked <= time && addSeconds(asked, REQUEST_LIFE_SECONDS) >= time;
}
