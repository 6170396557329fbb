import { caseOf, type Db } from "../read/index.js";
import { type Registration, registrationOf } from "./derivation.js";
import { type LineageRelease, releaseOf } from "./release.js";

/** What is made from releases. */
const NOUNS = ["release", "product"] as const;

/** Names in one question to the database, below the fewest parameters that one allows. */
const NAMES_A_QUESTION = 500;

/** Releases made from those of one step, at most: more are told as more. */
export const MOST_PRODUCTS = 2000;

/** Reads releases and what refers to them from the projection, many at a time. */
export class GraphReader {
  constructor(readonly db: Db) {}

  async releases(ids: readonly string[]): Promise<LineageRelease[]> {
    const rows = await inLots(ids, (lot) =>
      this.db.selectFrom("cases").selectAll().where("noun", "in", NOUNS).where("case_id", "in", lot).execute(),
    );
    return rows.map((row) => releaseOf(caseOf(row)));
  }

  /**
   * Releases that say that they were made from one of these, or take its place; {@link MOST_PRODUCTS} at most.
   * `more`: there are others.
   */
  async products(
    ids: readonly string[],
  ): Promise<{ readonly releases: readonly LineageRelease[]; readonly more: boolean }> {
    const rows = await inLots(ids, (lot) =>
      this.db
        .selectFrom("release_sources")
        .select("release")
        .distinct()
        .where("source", "in", lot)
        .where("how", "!=", "explained")
        .orderBy("release")
        .limit(MOST_PRODUCTS + 1)
        .execute(),
    );
    const found = [...new Set(rows.map(({ release }) => release))];
    return { releases: await this.releases(found.slice(0, MOST_PRODUCTS)), more: found.length > MOST_PRODUCTS };
  }

  /** What their registrations say of their sources, field by field, and of their own quality. */
  async registrations(ids: readonly string[]): Promise<ReadonlyMap<string, Registration>> {
    const rows = await inLots(ids, (lot) =>
      this.db
        .selectFrom("acts")
        .select(["case_id", "body"])
        .where("noun", "in", NOUNS)
        .where("case_id", "in", lot)
        .where("type", "=", "register")
        .where("counted", "=", 1)
        .execute(),
    );
    return new Map(rows.map(({ case_id, body }) => [case_id, registrationOf(JSON.parse(body))]));
  }

  /** What datasets are called, by id. */
  async datasetNames(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await inLots([...new Set(ids)], (lot) =>
      this.db
        .selectFrom("cases")
        .select(["case_id", "state"])
        .where("noun", "=", "dataset")
        .where("case_id", "in", lot)
        .execute(),
    );
    return new Map(rows.map(({ case_id, state }) => [case_id, String((JSON.parse(state) as { name?: unknown }).name)]));
  }
}

async function inLots<Row>(ids: readonly string[], ask: (lot: readonly string[]) => Promise<Row[]>): Promise<Row[]> {
  const rows: Row[] = [];
  // One by one: a call takes only so many arguments.
  for (const lot of lotsOf(ids)) for (const row of await ask(lot)) rows.push(row);
  return rows;
}

function* lotsOf(ids: readonly string[]): Generator<readonly string[]> {
  for (let from = 0; from < ids.length; from += NAMES_A_QUESTION) yield ids.slice(from, from + NAMES_A_QUESTION);
}
