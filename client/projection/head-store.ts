import type { TransactionId } from "@wanlian/model/identifiers.js";
import type { CaseRef, CaseState } from "@wanlian/model/kernel/act.js";
import { advance, type Head, NO_ACTS } from "@wanlian/model/kernel/heads.js";
import { caseName } from "@wanlian/model/kernel/key.js";
import type { Kysely, Selectable } from "kysely";
import type { HeadStore } from "../fold/index.js";
import type { CaseTable, NodeDatabase } from "./schema.js";

/** Far below every database's limit on parameters. */
const IDS_AT_ONCE = 500;

type Row = Pick<Selectable<CaseTable>, "act" | "transaction_id" | "next" | "state">;

const headOf = ({ act, transaction_id: id, next, state }: Row): Head => ({
  act,
  transaction: id as TransactionId,
  next,
  state: JSON.parse(state) as CaseState,
});

/** Heads as the projection's tables have them. */
export class SqlHeadStore implements HeadStore {
  readonly #db: Kysely<NodeDatabase>;

  constructor(db: Kysely<NodeDatabase>) {
    this.#db = db;
  }

  async load(ref: CaseRef): Promise<Head> {
    const row = await this.#row(ref);
    if (row !== undefined) return headOf(row);
    // A case in which nothing has counted yet has no row; void acts may have used its numbers all the same.
    return advance(NO_ACTS, [], new Set(await this.#usedFrom(ref, NO_ACTS.next)));
  }

  async loadAll(noun: string, ids: readonly string[]): Promise<ReadonlyMap<string, Head>> {
    const found = new Map<string, Head>();
    for (let at = 0; at < ids.length; at += IDS_AT_ONCE) {
      const rows = await this.#db
        .selectFrom("cases")
        .select(["case_id", "act", "transaction_id", "next", "state"])
        .where("noun", "=", noun)
        .where("case_id", "in", ids.slice(at, at + IDS_AT_ONCE))
        .execute();
      for (const row of rows) found.set(row.case_id, headOf(row));
    }
    return found;
  }

  async taken(ref: CaseRef): Promise<number[]> {
    const { next } = await this.load(ref);
    return this.#usedFrom(ref, next);
  }

  async touched(): Promise<string[]> {
    const rows = await this.#db.selectFrom("voids").select(["noun", "case_id"]).distinct().execute();
    return rows.map(({ noun, case_id }) => caseName({ noun, case: case_id }));
  }

  async #row(ref: CaseRef): Promise<Row | undefined> {
    return this.#db
      .selectFrom("cases")
      .select(["act", "transaction_id", "next", "state"])
      .where("noun", "=", ref.noun)
      .where("case_id", "=", ref.case)
      .executeTakeFirst();
  }

  async #usedFrom(ref: CaseRef, number: number): Promise<number[]> {
    const rows = await this.#db
      .selectFrom("voids")
      .select("number")
      .where("noun", "=", ref.noun)
      .where("case_id", "=", ref.case)
      .where("number", ">=", number)
      .execute();
    return rows.map((row) => row.number);
  }
}
