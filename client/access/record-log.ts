import type { Digest } from "@wanlian/model/identifiers.js";
import { leafHash } from "@wanlian/model/merkle.js";
import { encodeEntry, hexOf, readRecord, type SignedRecord } from "@wanlian/verify";
import { Recent } from "../core/index.js";
import { type AccessLog, type FetchTile, type Placed, TreeReader } from "../log/index.js";

/** A record in this node's own log. */
export interface FiledRecord {
  readonly signed: SignedRecord;
  /** Leaf hash. */
  readonly id: Digest;
  readonly position: number;
}

/** Receipts and closings follow within seconds; so long a record is at hand without reading tiles. */
const REMEMBERED = 10_000;

/** The node's log as the exchange sees it: of access records. */
export class RecordLog {
  readonly #log: AccessLog;
  readonly #fetch: FetchTile;
  readonly #recent = new Recent<number, FiledRecord>(REMEMBERED);
  readonly #places = new Recent<Digest, number>(REMEMBERED);
  #told: (filed: FiledRecord) => void = () => undefined;
  #reader: TreeReader;

  /** @param fetch reads the log's own files */
  constructor(log: AccessLog, fetch: FetchTile) {
    this.#log = log;
    this.#fetch = fetch;
    this.#reader = new TreeReader(fetch, log.published);
  }

  /** @param placed as the log's `append` has it */
  async append(signed: SignedRecord, placed?: Placed): Promise<FiledRecord> {
    const { index, leaf } = await this.#log.append(encodeEntry(signed), placed);
    const filed = { signed, id: hexOf(leaf), position: index };
    this.#recent.set(index, filed);
    this.#places.set(filed.id, index);
    this.#told(filed);
    return filed;
  }

  /** Tells of every record that is appended from now on, once it is durable. */
  tell(told: (filed: FiledRecord) => void): void {
    this.#told = told;
  }

  /** The record at a position, or undefined if there is none, or something else. @throws LogError LOG_DAMAGED */
  async find(position: number): Promise<FiledRecord | undefined> {
    const recent = this.#recent.get(position);
    if (recent !== undefined) return recent;
    const reader = this.reader();
    if (!(position < reader.head.size)) return undefined;
    const entry = await reader.record(position);
    const signed = readRecord(entry);
    return signed === undefined ? undefined : { signed, id: hexOf(leafHash(entry)), position };
  }

  /** Where a record stands that was appended lately: the index does not have it yet. */
  recentPosition(id: Digest): number | undefined {
    return this.#places.get(id);
  }

  /** Of an earlier tree of this log. @throws LogError NOT_IN_TREE, LOG_DAMAGED */
  async readerOf(size: number): Promise<TreeReader> {
    const now = this.reader();
    return new TreeReader(this.#fetch, { size, root: await now.rootOf(size) }, now);
  }

  /** Of the last checkpoint written. */
  reader(): TreeReader {
    if (this.#reader.head !== this.#log.published) {
      this.#reader = new TreeReader(this.#fetch, this.#log.published, this.#reader);
    }
    return this.#reader;
  }
}
