import type { Instant } from "@wanlian/model/identifiers.js";
import { type Kysely, sql } from "kysely";
import type { NodeDatabase } from "../projection/index.js";

/** Positions of a span: so many rows at most are looked at in vain at either end of a period. */
export const SPAN_ROWS = 1024;
/** Spans looked at together, from the newest back. */
const PAGE_SPANS = 1000;

/** Positions from one on, up to another that is not among them. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface Period {
  readonly since?: Instant | undefined;
  readonly until?: Instant | undefined;
}

/**
 * The ledger's time goes on with a log's positions, but for records that come late. So the times of each span of
 * positions say where the accesses of a period stand, without a look at those of another.
 */
export class AccessSpans {
  readonly #db: Kysely<NodeDatabase>;
  #caughtUp = false;

  constructor(db: Kysely<NodeDatabase>) {
    this.#db = db;
  }

  /** Takes in the accesses from a position on, in whose transaction it is done. */
  static async take(transaction: Kysely<NodeDatabase>, from: number): Promise<void> {
    const span = sql<number>`position / ${sql.lit(SPAN_ROWS)}`;
    await transaction
      .insertInto("local.access_spans")
      .columns(["span", "first_time", "last_time"])
      .expression((query) =>
        query
          .selectFrom("local.accesses")
          .select(({ fn }) => [span.as("span"), fn.min("time").as("first_time"), fn.max("time").as("last_time")])
          .where("position", ">=", from - (from % SPAN_ROWS))
          .groupBy(span),
      )
      .onConflict((conflict) =>
        conflict.column("span").doUpdateSet(({ ref }) => ({
          first_time: ref("excluded.first_time"),
          last_time: ref("excluded.last_time"),
        })),
      )
      .execute();
  }

  /** Takes in, once, what other software has put in since: the last span may have been made of a part of it. */
  async catchUp(): Promise<void> {
    if (this.#caughtUp) return;
    const last = await this.#db
      .selectFrom("local.access_spans")
      .select(({ fn }) => fn.max("span").as("span"))
      .executeTakeFirst();
    await AccessSpans.take(this.#db, Number(last?.span ?? 0) * SPAN_ROWS);
    this.#caughtUp = true;
  }

  static async forget(db: Kysely<NodeDatabase>): Promise<void> {
    await db.deleteFrom("local.access_spans").execute();
  }

  /** Where accesses of a period can stand below a position, from the newest back. */
  async *within({ since, until }: Period, before: number): AsyncGenerator<Range> {
    let below = Math.ceil(before / SPAN_ROWS);
    for (;;) {
      let query = this.#db.selectFrom("local.access_spans").select("span").where("span", "<", below);
      if (since !== undefined) query = query.where("last_time", ">=", since);
      if (until !== undefined) query = query.where("first_time", "<=", until);
      const rows = await query.orderBy("span", "desc").limit(PAGE_SPANS).execute();
      for (const { from, to } of runsOf(rows.map(({ span }) => Number(span)))) {
        yield { from: from * SPAN_ROWS, to: Math.min(before, to * SPAN_ROWS) };
      }
      if (rows.length < PAGE_SPANS) return;
      below = Number(rows.at(-1)?.span);
    }
  }
}

/** Numbers that follow one on another, together. @param numbers each less than the one before */
function* runsOf(numbers: readonly number[]): Generator<Range> {
  let run: Range | undefined;
  for (const number of numbers) {
    if (run !== undefined && number === run.from - 1) run = { from: number, to: run.to };
    else {
      if (run !== undefined) yield run;
      run = { from: number, to: number + 1 };
    }
  }
  if (run !== undefined) yield run;
}
