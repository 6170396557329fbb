import type { Digest } from "@wanlian/model/identifiers.js";
import type { AccessIndex, IndexedCall } from "../access/index.js";

/** What is appended before the index has to have it: some 10 MB. */
const MOST_PENDING = 20_000;

/** What a log has of calls over other roads, those that its index has not yet among them. */
export class CallBook {
  readonly #index: Pick<AccessIndex, "calls">;
  /** Brings the index up to everything that was appended. */
  readonly #catchUp: () => Promise<void>;
  #pending = new Map<Digest, IndexedCall[]>();
  #count = 0;

  constructor(index: Pick<AccessIndex, "calls">, catchUp: () => Promise<void>) {
    this.#index = index;
    this.#catchUp = catchUp;
  }

  /** By what names them. */
  async find(keys: readonly Digest[]): Promise<ReadonlyMap<Digest, readonly IndexedCall[]>> {
    if (this.#count > MOST_PENDING) {
      await this.#catchUp();
      this.#pending = new Map();
      this.#count = 0;
    }
    const found = new Map<Digest, IndexedCall[]>();
    for (const call of await this.#index.calls(keys)) found.set(call.key, [...(found.get(call.key) ?? []), call]);
    for (const key of keys) {
      const known = found.get(key) ?? [];
      const more = (this.#pending.get(key) ?? []).filter(({ id }) => !known.some((call) => call.id === id));
      if (more.length > 0) found.set(key, [...known, ...more]);
    }
    return found;
  }

  note(call: IndexedCall): void {
    this.#pending.set(call.key, [...(this.#pending.get(call.key) ?? []), call]);
    this.#count += 1;
  }
}
