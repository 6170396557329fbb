import type { CaseRef, CaseState } from "@wanlian/model/kernel/act.js";
import { NO_ACTS } from "@wanlian/model/kernel/heads.js";
import { advance, type TrackedHead } from "@wanlian/model/kernel/judge.js";
import type { Kysely } from "kysely";
import type { HeadStore } from "../fold/index.js";
import type { NodeDatabase } from "./schema.js";

/** Heads as the projection's tables have them. */
export class SqlHeadStore implements HeadStore {
  readonly #db: Kysely<NodeDatabase>;

  constructor(db: Kysely<NodeDatabase>) {
    this.#db = db;
  }

  async load(ref: CaseRef): Promise<TrackedHead> {
    const row = await this.#db
      .selectFrom("cases")
      .select(["act", "state"])
      .where("noun", "=", ref.noun)
      .where("case_id", "=", ref.case)
      .executeTakeFirst();
    const voids = await this.#db
      .selectFrom("voids")
      .select("number")
      .where("noun", "=", ref.noun)
      .where("case_id", "=", ref.case)
      .where("number", ">", row?.act ?? 0)
      .execute();
    const last: TrackedHead =
      row === undefined
        ? { ...NO_ACTS, taken: [] }
        : { act: row.act, next: row.act + 1, state: JSON.parse(row.state) as CaseState, taken: [] };
    return advance(
      last,
      voids.map(({ number }) => number),
    );
  }
}
