import type { RangeQueryInfo } from "@wanlian/protocol/messages/rwset.js";
import { MAX_RANGE_DEGREE, RangeSummary } from "@wanlian/protocol/transaction/range-summary.js";
import type { StateValue } from "../../ledger/snapshot.js";
import { versionMessage } from "./read-write-set.js";

type StateEntry = StateValue & { readonly key: string };

/** One result of a query: a key of the namespace with its value. */
export interface QueryResult {
  readonly key: string;
  readonly value: Uint8Array;
}

/** Results of a query, one by one. */
export interface ResultIterator<T> {
  next(): Promise<T | undefined>;
  close(): Promise<void>;
}

/**
 * A range of the public state, recording what was seen of it: up to the last key taken, or to the requested end once the end was met.
 * Reading on after a result is therefore part of what the endorsement says (Fabric's
 * core/ledger/kvledger/txmgmt/txmgr/query_executor.go).
 */
export class RangeQuery implements ResultIterator<QueryResult> {
  readonly namespace: string;
  readonly #startKey: string;
  readonly #endKey: string;
  readonly #entries: AsyncIterableIterator<StateEntry>;
  readonly #limit: number;
  readonly #reads = new RangeSummary(MAX_RANGE_DEGREE);
  #count = 0;
  #lastKey = "";
  #exhausted = false;
  #closed = false;

  /** @param limit results at most, 0 for no limit; a page ends there as if the range did. */
  constructor(
    namespace: string,
    startKey: string,
    endKey: string,
    entries: AsyncIterableIterator<StateEntry>,
    limit: number,
  ) {
    this.namespace = namespace;
    this.#startKey = startKey;
    this.#endKey = endKey;
    this.#entries = entries;
    this.#limit = limit;
  }

  async next(): Promise<QueryResult | undefined> {
    const entry = this.#limit > 0 && this.#count >= this.#limit ? undefined : await this.#advance();
    if (entry === undefined) {
      this.#exhausted = true;
      return undefined;
    }
    this.#count += 1;
    this.#reads.add({ key: entry.key, version: versionMessage(entry.version) });
    this.#lastKey = entry.key;
    return { key: entry.key, value: entry.value };
  }

  /** The key after the last result, empty at the end of the range: where the next page begins. */
  async bookmark(): Promise<string> {
    const entry = await this.#advance();
    await this.close();
    return entry?.key ?? "";
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#entries.return?.();
  }

  /** What the read set says of this range. */
  recorded(): RangeQueryInfo {
    const range = {
      startKey: this.#startKey,
      endKey: this.#exhausted ? this.#endKey : this.#lastKey,
      itrExhausted: this.#exhausted,
      rawReads: undefined,
      readsMerkleHashes: undefined,
    };
    const seen = this.#reads.finish();
    if ("summary" in seen) return { ...range, readsMerkleHashes: seen.summary };
    return seen.reads.length > 0 ? { ...range, rawReads: { kvReads: [...seen.reads] } } : range;
  }

  async #advance(): Promise<StateEntry | undefined> {
    if (this.#closed) return undefined;
    const { done, value } = await this.#entries.next();
    return done ? undefined : value;
  }
}
