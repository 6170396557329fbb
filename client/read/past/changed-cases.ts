import { type SelectQueryBuilder, sql } from "kysely";
import type { NodeDatabase } from "../../projection/index.js";
import type { Db } from "../rows.js";

/** Blocks of the ledger, the first included, the second not. */
export interface Range {
  readonly since: number;
  readonly until: number;
}

/** A case in which an act counted in a range, and where the first of them stands. */
export interface ChangedCase {
  readonly noun: string;
  readonly case_id: string;
  readonly block: number;
  readonly tx: number;
}

/** Behind which a list goes on: of each transaction one act counts at most. */
export type After = Pick<ChangedCase, "noun" | "block" | "tx">;

/** A noun of so few cases is asked case by case: the clock, the policy and the logs have acts without end. */
export const FEW_CASES = 300;

/** Cases in which an act counted in a range: noun by noun, in the order of the first of these acts. */
export async function changedCases(
  db: Db,
  range: Range,
  { noun, case: id }: { readonly noun?: string; readonly case?: string },
  after: After | undefined,
  limit: number,
): Promise<ChangedCase[]> {
  const found: ChangedCase[] = [];
  for (const one of noun === undefined ? await nounsFrom(db, after?.noun ?? "") : [noun]) {
    const few = id !== undefined || (await hasFewCases(db, one));
    const all = few ? byCase(db, range, one, id) : byAct(db, range, one);
    const behind = after?.noun === one ? all.where(sql<boolean>`(a.block, a.tx) > (${after.block}, ${after.tx})`) : all;
    found.push(...(await inOrder(behind, limit - found.length)));
    if (found.length === limit) break;
  }
  return found;
}

type ActQuery = SelectQueryBuilder<NodeDatabase & { a: NodeDatabase["acts"] }, "a", object>;

const inOrder = (query: ActQuery, limit: number): Promise<ChangedCase[]> =>
  query.select(["a.noun", "a.case_id", "a.block", "a.tx"]).orderBy("a.block").orderBy("a.tx").limit(limit).execute();

/** Act by act, those passed over before which another counted in their case: a case's course is short, mostly. */
export function byAct(db: Db, { since, until }: Range, noun: string): ActQuery {
  return db
    .selectFrom("acts as a")
    .where("a.noun", "=", noun)
    .where("a.counted", "=", 1)
    .where("a.block", ">=", since)
    .where("a.block", "<", until)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("acts as b")
            .select("b.number")
            .where("b.noun", "=", noun)
            .whereRef("b.case_id", "=", "a.case_id")
            .where("b.counted", "=", 1)
            .where("b.block", ">=", since)
            .where(sql<boolean>`(b.block, b.tx) < (a.block, a.tx)`),
        ),
      ),
    );
}

/** Case by case, of each the first: however many acts there are. */
export function byCase(db: Db, { since, until }: Range, noun: string, id?: string): ActQuery {
  const cases = db
    .selectFrom("cases as c")
    .crossJoin("acts as a")
    .where("c.noun", "=", noun)
    .where("a.noun", "=", noun)
    .whereRef("a.case_id", "=", "c.case_id")
    .where("a.counted", "=", 1)
    .where("a.number", "=", ({ selectFrom }) =>
      selectFrom("acts as b")
        .select("b.number")
        .where("b.noun", "=", noun)
        .whereRef("b.case_id", "=", "c.case_id")
        .where("b.counted", "=", 1)
        .where("b.block", ">=", since)
        .where("b.block", "<", until)
        .orderBy("b.block")
        .orderBy("b.tx")
        .orderBy("b.number")
        .limit(1),
    );
  return id === undefined ? cases : cases.where("c.case_id", "=", id);
}

async function hasFewCases(db: Db, noun: string): Promise<boolean> {
  const further = await db
    .selectFrom("cases")
    .select("case_id")
    .where("noun", "=", noun)
    .orderBy("case_id")
    .offset(FEW_CASES)
    .limit(1)
    .executeTakeFirst();
  return further === undefined;
}

/** Nouns of which there are cases, from one on, in order; each is looked up, whatever the number of its cases. */
async function nounsFrom(db: Db, first: string): Promise<string[]> {
  const { rows } = await sql<{ noun: string }>`
    with recursive nouns(noun) as (
      select min(noun) from cases where noun >= ${first}
      union all
      select (select min(c.noun) from cases c where c.noun > nouns.noun) from nouns where nouns.noun is not null
    )
    select noun from nouns where noun is not null`.execute(db);
  return rows.map(({ noun }) => noun);
}
