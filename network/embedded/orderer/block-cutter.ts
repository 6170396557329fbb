/** When a batch is full: the channel's BatchSize. */
export interface BatchLimits {
  maxMessageCount: number;
  preferredMaxBytes: number;
}

/** A message as the cutter sees it: `size` is payload and signature bytes together. */
export interface Sized {
  readonly size: number;
}

/**
 * Cuts a stream of messages into batches by count and size (Fabric's orderer/common/blockcutter/blockcutter.go). Time
 * is the caller's: it calls `cut` when the batch timeout passes.
 */
export class BlockCutter<T extends Sized> {
  #pending: T[] = [];
  #pendingBytes = 0;

  /** Whether a batch is being gathered. */
  get gathering(): boolean {
    return this.#pending.length > 0;
  }

  /** Takes a message and returns the batches, at most two, that it fills. */
  add(message: T, limits: BatchLimits): T[][] {
    if (message.size > limits.preferredMaxBytes) {
      return [...this.cut(), [message]];
    }
    const overflowing = this.#pendingBytes + message.size > limits.preferredMaxBytes ? this.cut() : [];
    this.#pending.push(message);
    this.#pendingBytes += message.size;
    const full = this.#pending.length >= limits.maxMessageCount ? this.cut() : [];
    return [...overflowing, ...full];
  }

  /** Takes what is gathered: one batch, or none if nothing is. */
  cut(): T[][] {
    if (this.#pending.length === 0) {
      return [];
    }
    const batch = this.#pending;
    this.#pending = [];
    this.#pendingBytes = 0;
    return [batch];
  }
}
