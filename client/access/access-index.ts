import type { Digest, Instant, MspId, TransactionId } from "@wanlian/model/identifiers.js";
import type { AuditFilter } from "@wanlian/verify";
import type { CompiledQuery, Kysely, SelectQueryBuilder } from "kysely";
import type { TreeReader } from "../log/index.js";
import type { AccessCountTable, AccessTable, NodeDatabase } from "../projection/index.js";
import {
  type AccessCount,
  type AccessTotal,
  type CountWishes,
  closingOf,
  countAccesses,
  countsAfter,
  matching,
  takeIn,
  totalsOf,
} from "./access-counts.js";
import { COLUMNS, isSameRow, recordOf, rowOf } from "./access-row.js";
import { AccessSpans, type Range } from "./access-spans.js";
import type { FiledRecord, RecordLog } from "./record-log.js";

/** Rows in one SQL transaction, each of which reaches the disk. */
const BATCH_ROWS = 8000;
/** Rows that wait for the index: some 30 MB. */
const MOST_FRESH = 50_000;
/** Rows in one statement: one a row would take four times as long, and databases take so many parameters only. */
const STATEMENT_ROWS = 100;

/** Rows looked at together, from the newest back. */
const NONCE_PAGE = 10_000;

/** Kinds of record that a consumer countersigns: an auditor's question and a refused filing are nobody else's to sign. */
const COUNTERSIGNED = ["access", "opening", "closing"] as const;

/** Results by which an access counts against a quota: something went out. */
const SERVED = ["served", "opened"] as const;

export interface Page {
  /** Positions below this one, newest first. */
  readonly before?: number;
  readonly limit: number;
}

/** A call over another road, as the log has it. */
export interface IndexedCall {
  /** As `callKey` has it. */
  readonly key: Digest;
  /** As `factsDigest` has it. */
  readonly facts: Digest;
  readonly id: Digest;
  readonly position: number;
}

/** A log as its index reads it. */
export type IndexedLog = Pick<RecordLog, "reader" | "tell">;

/** The node's own log in SQL, for questions; read from the log's tiles, so it can be thrown away at any time. */
export class AccessIndex {
  readonly #db: Kysely<NodeDatabase>;
  readonly #log: IndexedLog;
  readonly #spans: AccessSpans;
  #catchingUp: Promise<void> = Promise.resolve();
  #statement: CompiledQuery | undefined;
  /** Rows of records that were appended since, by position: they need not be read and parsed again. */
  readonly #fresh = new Map<number, AccessTable>();

  constructor(db: Kysely<NodeDatabase>, log: IndexedLog) {
    this.#db = db;
    this.#log = log;
    this.#spans = new AccessSpans(db);
    log.tell((filed) => this.#note(filed));
  }

  /** Takes in everything up to the log's last checkpoint. */
  async catchUp(): Promise<void> {
    // One after the other: one that is under way may have looked before the newest was there.
    const next = this.#catchingUp.then(() => this.#catchUp());
    this.#catchingUp = next.catch(() => undefined);
    await next;
  }

  /** Newest first. */
  async find(filter: AuditFilter, { before = Number.MAX_SAFE_INTEGER, limit }: Page): Promise<AccessTable[]> {
    if (filter.since === undefined && filter.until === undefined) {
      return await this.#newest(filter, { from: 0, to: before }, limit);
    }
    const found: AccessTable[] = [];
    for await (const range of this.#spans.within(filter, before)) {
      found.push(...(await this.#newest(filter, range, limit - found.length)));
      if (found.length === limit) break;
    }
    return found;
  }

  /** Positions in order, from a position on: for an auditor who takes everything. */
  async positions(filter: AuditFilter, from: number, limit: number): Promise<number[]> {
    const query = this.#matching(filter).where("position", ">=", from).select("position");
    return (await query.orderBy("position").limit(limit).execute()).map(({ position }) => position);
  }

  /** The records that a department gave out, in order, from a position on. */
  async given(
    provider: MspId,
    from: number,
    limit: number,
  ): Promise<{ readonly position: number; readonly consumer: MspId; readonly time: Instant }[]> {
    const query = this.#matching({ provider })
      .where("position", ">=", from)
      .where("kind", "in", COUNTERSIGNED)
      .select(["position", "consumer", "time"]);
    const rows = await query.orderBy("position").limit(limit).execute();
    return rows.map(({ position, consumer, time }) => ({
      position: Number(position),
      consumer: consumer as MspId,
      time: time as Instant,
    }));
  }

  /** The position of a record by its id. */
  async positionOf(id: string): Promise<number | undefined> {
    const query = this.#db.selectFrom("local.accesses").select("position").where("id", "=", id);
    const row = await query.executeTakeFirst();
    return row && Number(row.position);
  }

  /** Positions of the streams that a provider opened, below a position, and that have no closing. */
  async unclosed(provider: MspId, below: number): Promise<number[]> {
    const query = this.#matching({ provider }).where("position", "<", below).where("kind", "=", "opening");
    const rows = await query
      .where(({ not, exists }) => not(exists(closingOf(this.#db))))
      .select("position")
      .execute();
    return rows.map(({ position }) => Number(position));
  }

  /** What the log has of calls over other roads, by what names them. */
  async calls(keys: readonly Digest[]): Promise<IndexedCall[]> {
    if (keys.length === 0) return [];
    const query = this.#db.selectFrom("local.accesses").select(["nonce", "opening", "id", "position"]);
    const rows = await query.where("nonce", "in", keys).where("kind", "=", "call").orderBy("position").execute();
    return rows.map(({ nonce, opening, id, position }) => ({
      key: nonce as Digest,
      facts: opening as Digest,
      id: id as Digest,
      position: Number(position),
    }));
  }

  /** Positions, in order, of the records of requests: by their nonces. */
  async positionsOfRequests(nonces: readonly Digest[], filter: AuditFilter, limit: number): Promise<number[]> {
    const query = this.#matching(filter).where("nonce", "in", nonces).where("kind", "!=", "call").select("position");
    const rows = await query.orderBy("position").limit(limit).execute();
    return rows.map(({ position }) => Number(position));
  }

  /** As `countAccesses` has it. */
  async count(filter: AuditFilter, wishes: CountWishes = {}): Promise<AccessCount[]> {
    return await countAccesses(this.#db, filter, wishes);
  }

  /** Everything that is counted, hour by hour, from after a place on. */
  async counts(filter: AuditFilter, limit: number, after?: AccessCountTable): Promise<AccessCountTable[]> {
    return await countsAfter(this.#db, filter, limit, after);
  }

  /** All accesses there ever were, by what a department was in them. */
  async totals(department: MspId): Promise<AccessTotal[]> {
    return await totalsOf(this.#db, department);
  }

  /** Calls served under a grant since an instant. */
  async countServed(grant: TransactionId, from: Instant, provider: string): Promise<number> {
    const row = await this.#db
      .selectFrom("local.accesses")
      .where("grant_case", "=", grant)
      .where("time", ">=", from)
      .where("provider", "=", provider)
      .where("kind", "in", ["access", "opening", "call"])
      .where("result", "in", SERVED)
      .select(({ fn }) => fn.countAll<number | string>().as("calls"))
      .executeTakeFirstOrThrow();
    return Number(row.calls);
  }

  /** Of requests since an instant; reads no further back than it has to. */
  async recentNonces(since: Instant): Promise<Digest[]> {
    const nonces: Digest[] = [];
    let before = Number.MAX_SAFE_INTEGER;
    for (;;) {
      const rows = await this.#db
        .selectFrom("local.accesses")
        .where("position", "<", before)
        .select(["position", "time", "nonce"])
        .orderBy("position", "desc")
        .limit(NONCE_PAGE)
        .execute();
      const young = rows.filter(({ time }) => time >= since);
      for (const { nonce } of young) nonces.push(nonce as Digest);
      // The ledger's time only goes on: what stands before a page of old records is older.
      if (rows.length < NONCE_PAGE || young.length === 0) return nonces;
      before = Number(rows.at(-1)?.position);
    }
  }

  /** The first position whose row is not what the log makes of it; undefined where all are, as far as the index goes. */
  async firstDifference(): Promise<number | undefined> {
    const reader = this.#log.reader();
    for (let position = 0; ; ) {
      const rows = await this.#db
        .selectFrom("local.accesses")
        .selectAll()
        .where("position", ">=", position)
        .orderBy("position")
        .limit(BATCH_ROWS)
        .execute();
      if (rows.length === 0) return undefined;
      const end = Math.min(reader.head.size, position + rows.length);
      let at = 0;
      for await (const entry of reader.records(position, end)) {
        if (!isSameRow(rows[at] as AccessTable, rowOf(position + at, entry))) return position + at;
        at += 1;
      }
      if (at < rows.length) return position + at;
      position = end;
    }
  }

  async #newest(filter: AuditFilter, { from, to }: Range, limit: number): Promise<AccessTable[]> {
    const query = this.#matching(filter).where("position", ">=", from).where("position", "<", to);
    return await query.selectAll().orderBy("position", "desc").limit(limit).execute();
  }

  /** Throws all rows away; `catchUp` makes them again. */
  async forget(): Promise<void> {
    await AccessIndex.forget(this.#db);
  }

  /** The same, where the log itself is gone. */
  static async forget(db: Kysely<NodeDatabase>): Promise<void> {
    await db.deleteFrom("local.accesses").execute();
    await AccessSpans.forget(db);
    await db.deleteFrom("local.access_counts").execute();
    await db.deleteFrom("local.field_uses").execute();
  }

  #matching(filter: AuditFilter): SelectQueryBuilder<NodeDatabase, "local.accesses", object> {
    return matching(this.#db, filter);
  }

  async #catchUp(): Promise<void> {
    const last = await this.#db
      .selectFrom("local.accesses")
      .select(({ fn }) => fn.max("position").as("position"))
      .executeTakeFirst();
    const reader = this.#log.reader();
    let position = last?.position === null || last === undefined ? 0 : Number(last.position) + 1;
    await this.#spans.catchUp();
    while (position < reader.head.size) {
      const rows = await this.#rows(reader, position, Math.min(reader.head.size, position + BATCH_ROWS));
      await this.#insert(rows);
      position += rows.length;
      for (const row of rows) this.#fresh.delete(row.position);
    }
  }

  async #rows(reader: TreeReader, from: number, to: number): Promise<AccessTable[]> {
    const rows: AccessTable[] = [];
    while (from + rows.length < to) {
      const position = from + rows.length;
      const fresh = this.#fresh.get(position);
      if (fresh !== undefined) {
        rows.push(fresh);
        continue;
      }
      let end = position + 1;
      while (end < to && !this.#fresh.has(end)) end += 1;
      for await (const entry of reader.records(position, end)) rows.push(rowOf(from + rows.length, entry));
    }
    return rows;
  }

  #note({ signed, id, position }: FiledRecord): void {
    // Beyond that the index is behind, and reads the log.
    if (this.#fresh.size < MOST_FRESH) this.#fresh.set(position, { position, id, ...recordOf(signed) });
  }

  /** To put the statement together takes as long as to run it; so that of a whole batch is put together once. */
  async #insertMany(transaction: Kysely<NodeDatabase>, rows: readonly AccessTable[]): Promise<void> {
    const inOrder = (row: AccessTable) => Object.fromEntries(COLUMNS.map((column) => [column, row[column]])) as never;
    this.#statement ??= transaction.insertInto("local.accesses").values(rows.map(inOrder)).compile();
    const parameters = rows.flatMap((row) => COLUMNS.map((column) => row[column]));
    await transaction.executeQuery({ ...this.#statement, parameters });
  }

  async #insert(rows: AccessTable[]): Promise<void> {
    const [first] = rows;
    if (first === undefined) return;
    await this.#db.transaction().execute(async (transaction) => {
      await takeIn(transaction, rows);
      for (let from = 0; from < rows.length; from += STATEMENT_ROWS) {
        const some = rows.slice(from, from + STATEMENT_ROWS);
        await (some.length === STATEMENT_ROWS ? this.#insertMany(transaction, some) : insertSome(transaction, some));
      }
      await AccessSpans.take(transaction, first.position);
    });
  }
}

async function insertSome(transaction: Kysely<NodeDatabase>, rows: readonly AccessTable[]): Promise<void> {
  await transaction
    .insertInto("local.accesses")
    .values([...rows])
    .execute();
}
