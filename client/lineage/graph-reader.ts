import type { CaseState } from "@wanlian/model/kernel/act.js";
import type { Reading } from "@wanlian/model/reading.js";
import { sql } from "kysely";
import { caseOf, type Db } from "../read/index.js";
import { type Registration, registrationOf } from "./derivation.js";
import {
  type Explanation,
  type LineageLink,
  type LineageObjection,
  type LineageRelease,
  objectionOf,
  releaseOf,
} from "./release.js";

/** What is made from releases. */
const NOUNS = ["release", "product"] as const;

/** Names in one question to the database, below the fewest parameters that one allows. */
const NAMES_A_QUESTION = 500;

/** Releases made from those of one step, at most: more are told as more. */
export const MOST_PRODUCTS = 2000;

/** Reads releases and what refers to them from the projection, many at a time. */
export class GraphReader {
  constructor(
    readonly db: Db,
    readonly reading: Pick<Reading, "openOn">,
  ) {}

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

  /** Releases that take the place of one of these. */
  async revisions(ids: readonly string[]): Promise<string[]> {
    const rows = await inLots(ids, (lot) =>
      this.db
        .selectFrom("release_sources")
        .select("release")
        .where("source", "in", lot)
        .where("how", "in", ["revised", "corrected"])
        .execute(),
    );
    return [...new Set(rows.map(({ release }) => release))];
  }

  /** Releases and all that they were made from, directly or through others; so many at most. */
  async withSources(ids: readonly string[], most: number): Promise<string[]> {
    const found = new Set<string>();
    for (const lot of lotsOf(ids)) {
      if (found.size >= most) break;
      const { rows } = await sql<{ id: string }>`
        with recursive made_from(id) as (
          select case_id from cases where noun in ('release', 'product') and case_id in (${sql.join(lot)})
          union
          select s.source from release_sources s join made_from m on s.release = m.id and s.how = 'derived'
        )
        select id from made_from limit ${sql.lit(most)}`.execute(this.db);
      for (const { id } of rows) found.add(id);
    }
    return [...found].slice(0, most);
  }

  /** What these say that they were made from, and whose place they take. */
  async links(ids: readonly string[]): Promise<{
    readonly links: readonly LineageLink[];
    /** Of which objections and withdrawn releases it was explained that these stand all the same. */
    readonly explained: readonly Explanation[];
  }> {
    const rows = await inLots(ids, (lot) =>
      this.db.selectFrom("release_sources").selectAll().where("release", "in", lot).execute(),
    );
    const links: LineageLink[] = [];
    const explained: Explanation[] = [];
    for (const { release, source, how } of rows) {
      if (how === "explained") explained.push({ release, cause: source });
      else links.push({ from: source, to: release, how });
    }
    return { links, explained };
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

  /** Which of these a correction has taken the place of. */
  async corrected(ids: readonly string[]): Promise<string[]> {
    const rows = await inLots(ids, (lot) =>
      this.db
        .selectFrom("release_sources")
        .select("source")
        .where("source", "in", lot)
        .where("how", "=", "corrected")
        .execute(),
    );
    return rows.map(({ source }) => source);
  }

  /** Which of these were withdrawn from use. */
  async withdrawn(ids: readonly string[]): Promise<string[]> {
    const rows = await inLots(ids, (lot) =>
      this.db
        .selectFrom("cases")
        .select("case_id")
        .where("noun", "in", NOUNS)
        .where("case_id", "in", lot)
        .where("status", "=", "withdrawn")
        .execute(),
    );
    return rows.map(({ case_id }) => case_id);
  }

  /** Objections to one of these, or that one of these corrects. */
  async objections(ids: readonly string[]): Promise<LineageObjection[]> {
    const rows = await inLots(ids, (lot) =>
      this.db
        .selectFrom("case_references as r")
        .innerJoin("cases as c", (join) => join.onRef("c.noun", "=", "r.noun").onRef("c.case_id", "=", "r.case_id"))
        .selectAll("c")
        .where("r.to_noun", "=", "release")
        .where("r.to_case", "in", lot)
        .where("r.noun", "=", "objection")
        .orderBy("c.opened_block")
        .orderBy("c.case_id")
        .execute(),
    );
    const found = new Map(rows.map((row) => [row.case_id, caseOf(row)]));
    return [...found.values()].map((one) =>
      objectionOf(one, this.reading.openOn(one.state as CaseState) !== undefined),
    );
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
