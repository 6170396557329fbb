import { QueryResponse, QueryResponseMetadata } from "@wanlian/protocol/messages/shim.js";

/** Records in one message of an answer that is not paged. */
const MAX_BATCH = 100;
/** Records of one query at most; then it ends as if there were no more (Fabric's default totalQueryLimit). */
export const TOTAL_QUERY_LIMIT = 100_000;

/** Where a query's answers come from: encoded records one by one. */
export interface RecordSource {
  next(): Promise<Uint8Array | undefined>;
  close(): Promise<void>;
  /** Where the next page begins; paged queries only. */
  bookmark?(): Promise<string>;
}

/**
 * A query that a chaincode has open. A batch goes out only when the record after it has been read, so what the ledger records of a
 * range runs ahead of what the chaincode took (Fabric's core/chaincode/query_response_generator.go).
 */
export class OpenQuery {
  readonly id: string;
  readonly #source: RecordSource;
  readonly #limit: number;
  #pending: Uint8Array[] = [];
  #count = 0;

  constructor(id: string, source: RecordSource, limit: number) {
    this.id = id;
    this.#source = source;
    this.#limit = limit;
  }

  /** The next batch, and whether another follows; without one the query is closed. */
  async batch(): Promise<{ payload: Uint8Array; hasMore: boolean }> {
    const paged = this.#source.bookmark !== undefined;
    while (this.#count < this.#limit) {
      const record = await this.#source.next();
      if (record === undefined) break;
      const full = !paged && this.#pending.length === MAX_BATCH;
      const batch = full ? this.#cut() : undefined;
      this.#pending.push(record);
      this.#count += 1;
      if (batch !== undefined) return { payload: this.#response(batch, true, undefined), hasMore: true };
    }
    const batch = this.#cut();
    const bookmark = await this.#source.bookmark?.();
    const metadata =
      bookmark === undefined ? undefined : QueryResponseMetadata.encode({ fetchedRecordsCount: this.#count, bookmark });
    await this.close();
    return { payload: this.#response(batch, false, metadata), hasMore: false };
  }

  close(): Promise<void> {
    return this.#source.close();
  }

  #cut(): Uint8Array[] {
    const batch = this.#pending;
    this.#pending = [];
    return batch;
  }

  #response(records: Uint8Array[], hasMore: boolean, metadata: Uint8Array | undefined): Uint8Array {
    return QueryResponse.encode({
      results: records.map((resultBytes) => ({ resultBytes })),
      hasMore,
      id: this.id,
      metadata,
    });
  }
}
