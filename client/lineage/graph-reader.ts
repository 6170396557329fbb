import type { CaseState } from "@wanlian/model/kernel/act.js";
import type { Reading } from "@wanlian/model/reading.js";
import { sql } from "kysely";
import { caseOf, type Db } from "../read/index.js";
import { type LineageObjection, type LineageRelease, objectionOf, releaseOf } from "./release.js";

/** Names in one question to the database, below the fewest parameters that one allows. */
const NAMES_A_QUESTION = 500;

/** Releases that take another's place, or were made from it, at most: more are told as more. */
export const MOST_PRODUCTS = 2000;

/** Reads releases and what refers to them from the projection, many at a time. */
export class GraphReader {
  constructor(
    readonly db: Db,
    readonly reading: Pick<Reading, "openOn">,
  ) {}

  async releases(ids: readonly string[]): Promise<LineageRelease[]> {
    const rows = await inLots(ids, (lot) =>
      this.db.selectFrom("cases").selectAll().where("noun", "=", "release").where("case_id", "in", lot).execute(),
    );
    return rows.map((row) => releaseOf(caseOf(row)));
  }

  /** Releases that say that they were made from one of these, or take its place; {@link MOST_PRODUCTS} at most. */
  async products(ids: readonly string[]): Promise<LineageRelease[]> {
    const rows = await inLots(ids, (lot) => this.#referring("release", lot).limit(MOST_PRODUCTS).execute());
    const found = new Map(rows.slice(0, MOST_PRODUCTS).map((row) => [row.case_id, releaseOf(caseOf(row))]));
    return [...found.values()];
  }

  /** Releases that take the place of one of these. */
  async revisions(ids: readonly string[]): Promise<LineageRelease[]> {
    const rows = await inLots(ids, (lot) =>
      this.#referring("release", lot)
        // States are canonical JSON, and an id holds no wildcard.
        .where(sql<boolean>`c.state like '%"revises":"' || r.to_case || '"%'`)
        .execute(),
    );
    const found = new Map(rows.map((row) => [row.case_id, releaseOf(caseOf(row))]));
    return [...found.values()];
  }

  /** Objections to one of these, or that one of these corrects. */
  async objections(ids: readonly string[]): Promise<LineageObjection[]> {
    const rows = await inLots(ids, (lot) => this.#referring("objection", lot).execute());
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

  #referring(noun: "release" | "objection", ids: readonly string[]) {
    return this.db
      .selectFrom("case_references as r")
      .innerJoin("cases as c", (join) => join.onRef("c.noun", "=", "r.noun").onRef("c.case_id", "=", "r.case_id"))
      .selectAll("c")
      .where("r.to_noun", "=", "release")
      .where("r.to_case", "in", ids)
      .where("r.noun", "=", noun)
      .orderBy("c.opened_block")
      .orderBy("c.case_id");
  }
}

async function inLots<Row>(ids: readonly string[], ask: (lot: readonly string[]) => Promise<Row[]>): Promise<Row[]> {
  const rows: Row[] = [];
  for (let from = 0; from < ids.length; from += NAMES_A_QUESTION) {
    rows.push(...(await ask(ids.slice(from, from + NAMES_A_QUESTION))));
  }
  return rows;
}
