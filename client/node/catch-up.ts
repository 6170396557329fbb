import type { Logger } from "pino";
import type { CatchUp } from "../core/index.js";

/** How often the log says how far it is. */
const SAY_EVERY_MS = 10_000;

/** How far a node is that has not all of its peer's blocks, and how fast it goes. */
export class CatchUpProgress {
  readonly #log: Logger;
  readonly #now: () => number;
  /** Blocks that the peer had when last asked. */
  #of: bigint | undefined;
  #begun: { readonly height: bigint; readonly at: number } | undefined;
  #said = 0;

  /** @param now milliseconds of a clock that never goes back */
  constructor(log: Logger, now: () => number = () => performance.now()) {
    this.#log = log;
    this.#now = now;
  }

  /** The peer has so many blocks. */
  peerHas(height: bigint): void {
    this.#of = height;
  }

  /** Whether the node has as many as the peer had; undefined before it was asked. */
  reached(height: bigint): boolean | undefined {
    return this.#of === undefined ? undefined : height >= this.#of;
  }

  /** The node has taken in so many blocks, and is behind. */
  took(height: bigint): CatchUp | undefined {
    const now = this.#now();
    this.#begun ??= { height, at: now };
    const progress = this.at(height);
    if (progress !== undefined && now - this.#said >= SAY_EVERY_MS) {
      this.#said = now;
      this.#log.info({ ...progress, height: Number(height) }, "taking in the ledger");
    }
    return progress;
  }

  /** The node is behind no more. */
  end(): void {
    this.#begun = undefined;
    this.#said = 0;
  }

  /** Undefined for a node that is not behind. */
  at(height: bigint): CatchUp | undefined {
    if (this.#begun === undefined || this.#of === undefined) return undefined;
    const seconds = (this.#now() - this.#begun.at) / 1000;
    const taken = Number(height - this.#begun.height);
    const left = Math.max(0, Number(this.#of - height));
    const pace = taken > 0 && seconds > 0 ? taken / seconds : undefined;
    return {
      blocks: Number(this.#of),
      ...(pace === undefined ? {} : { blocksPerSecond: Math.round(pace), secondsLeft: Math.ceil(left / pace) }),
    };
  }
}
