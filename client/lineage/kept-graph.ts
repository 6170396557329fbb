import { sql } from "kysely";
import { caseOf, type Db } from "../read/index.js";
import { MADE, objectionOf } from "./release.js";
import { type KnownRelease, ReleaseGraph } from "./release-graph.js";

/** Cases read at a time, so that others get their turn. */
const LOT = 2000;

/** A database's releases in memory: read once, and kept in step with what the fold has written since. */
export class KeptGraph {
  static readonly #graphs = new WeakMap<Db, KeptGraph>();

  /** One a database. */
  static of(db: Db): KeptGraph {
    const kept = KeptGraph.#graphs.get(db) ?? new KeptGraph(db);
    KeptGraph.#graphs.set(db, kept);
    return kept;
  }

  readonly #db: Db;
  readonly #graph = new ReleaseGraph();
  /** Blocks below it have been read. */
  #height = 0;
  #reading: Promise<unknown> = Promise.resolve();

  private constructor(db: Db) {
    this.#db = db;
  }

  /** The graph with everything that was folded before this was asked. */
  async now(): Promise<ReleaseGraph> {
    // One after the other: one that is under way may have looked before the newest was there.
    const next = this.#reading.then(() => this.#catchUp());
    this.#reading = next.catch(() => undefined);
    await next;
    return this.#graph;
  }

  async #catchUp(): Promise<void> {
    const checkpoint = await this.#db.selectFrom("checkpoint").select("height").executeTakeFirst();
    for (const noun of MADE) await this.#takeReleases(noun);
    await this.#takeObjections();
    // Blocks that were folded meanwhile are read once more next time.
    this.#height = checkpoint?.height ?? 0;
  }

  async #takeReleases(noun: (typeof MADE)[number]): Promise<void> {
    for (let last: Place | undefined = { changed_block: this.#height, changed_tx: -1, case_id: "" }; last; ) {
      const rows = await this.#db
        .with("c", () =>
          changedAfter(this.#db, noun, last as Place).select(["case_id", "status", "changed_block", "changed_tx"]),
        )
        .selectFrom("c")
        .leftJoin("release_sources as s", "s.release", "c.case_id")
        .select(["c.case_id", "c.status", "c.changed_block", "c.changed_tx", "s.source", "s.how"])
        .orderBy("c.changed_block")
        .orderBy("c.changed_tx")
        .orderBy("c.case_id")
        .execute();
      for (const one of releasesOf(rows)) this.#graph.take(one);
      last = rows.at(-1);
    }
  }

  async #takeObjections(): Promise<void> {
    for (let last: Place | undefined = { changed_block: this.#height, changed_tx: -1, case_id: "" }; last; ) {
      const rows = await changedAfter(this.#db, "objection", last).selectAll().execute();
      for (const row of rows) {
        const found = caseOf(row);
        const { release, corrections } = objectionOf(found, false);
        this.#graph.takeObjection(found, [release, ...corrections]);
      }
      last = rows.at(-1);
    }
  }
}

/** Where a case changed last. */
interface Place {
  readonly changed_block: number;
  readonly changed_tx: number;
  readonly case_id: string;
}

/** Cases of a noun in the order in which they changed last, so many behind a place. */
const changedAfter = (db: Db, noun: string, { changed_block, changed_tx, case_id }: Place) =>
  db
    .selectFrom("cases")
    .where("noun", "=", noun)
    .where(sql<boolean>`(changed_block, changed_tx, case_id) > (${sql.join([changed_block, changed_tx, case_id])})`)
    .orderBy("changed_block")
    .orderBy("changed_tx")
    .orderBy("case_id")
    .limit(LOT);

type Said = KnownRelease["said"][number];

function releasesOf(
  rows: readonly {
    readonly case_id: string;
    readonly status: string;
    readonly source: string | null;
    readonly how: Said["how"] | null;
  }[],
): Iterable<KnownRelease> {
  const found = new Map<string, { id: string; status: string; said: Said[] }>();
  for (const { case_id: id, status, source, how } of rows) {
    const one = found.get(id) ?? { id, status, said: [] };
    if (source !== null && how !== null) one.said.push({ source, how });
    found.set(id, one);
  }
  return found.values();
}
