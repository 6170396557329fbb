import type { TransactionId } from "@wanlian/model/identifiers.js";
import type { Act, ActRef, CaseRef, CaseState } from "@wanlian/model/kernel/act.js";
import { advance, type Head, NO_ACTS } from "@wanlian/model/kernel/heads.js";
import { caseName } from "@wanlian/model/kernel/key.js";
import type { Kysely, Selectable } from "kysely";
import type { CountedAct, HeadStore, LeftKey } from "../fold/index.js";
import type { ActTable, CaseTable, NodeDatabase } from "./database/schema.js";

/** Far below every database's limit on parameters. */
const IDS_AT_ONCE = 500;

type Row = Pick<Selectable<CaseTable>, "act" | "transaction_id" | "next" | "state">;

const headOf = ({ act, transaction_id: id, next, state }: Row): Head => ({
  act,
  transaction: id as TransactionId,
  next,
  state: JSON.parse(state) as CaseState,
});

/** A counted act, as its key has it. */
function actIn(row: Selectable<ActTable>): Act {
  const { model: schema, noun, case_id, number, type, department, officer, basis, body, state } = row;
  const author = { department, officer } as Act["author"];
  const [relied, asked, after] = [basis, body, state].map((text): unknown => JSON.parse(text));
  return {
    ...{ schema, noun, case: case_id, number, type, author, body: asked },
    ...{ basis: relied as Act["basis"], state: after as CaseState },
  };
}

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

  async firstCounted({ noun, case: id }: CaseRef, from: number): Promise<CountedAct | undefined> {
    const row = await this.#db
      .selectFrom("acts")
      .selectAll()
      .where("noun", "=", noun)
      .where("case_id", "=", id)
      .where("number", ">=", from)
      .where("counted", "=", 1)
      .orderBy("number")
      .limit(1)
      .executeTakeFirst();
    return row === undefined ? undefined : { act: actIn(row), transaction: row.transaction_id as TransactionId };
  }

  async left(key: string): Promise<LeftKey | undefined> {
    const row = await this.#db.selectFrom("left_keys").selectAll().where("key", "=", key).executeTakeFirst();
    if (row === undefined) return undefined;
    const value = row.content === "" ? undefined : Buffer.from(row.content, "base64");
    return { noun: row.noun, case: row.case_id, number: row.number, key, value };
  }

  async leftUnder({ noun, case: id, number }: ActRef, limit: number): Promise<readonly string[]> {
    const rows = await this.#db
      .selectFrom("left_keys")
      .select("key")
      .where("noun", "=", noun)
      .where("case_id", "=", id)
      .where("number", "=", number)
      .limit(limit)
      .execute();
    return rows.map(({ key }) => key);
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
