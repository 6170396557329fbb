import type { CaseState } from "@wanlian/model/kernel/act.js";
import type { ModelVersions } from "@wanlian/model/models.js";
import type { FoldedAct } from "../../core/index.js";
import type { CaseName } from "../cases.js";
import { DEFAULT_PAGE, decodeCursor, type Page, type PageRequest, pageOf } from "../paging.js";
import { actOf, type Db, type Moment } from "../rows.js";

/** A case as its last act by then left it. */
export interface CaseAt extends CaseName {
  readonly status: string;
  /** The number of that act, and its transaction. */
  readonly act: number;
  readonly transactionId: string;
  readonly state: unknown;
  readonly changed: Moment;
}

/** A case after the blocks below a height, with the act that left it so; undefined if it had not begun. */
export async function findCaseAt(
  db: Db,
  name: CaseName,
  height: number,
  models: ModelVersions,
): Promise<{ readonly found: CaseAt; readonly act: FoldedAct } | undefined> {
  const [act] = await lastActs(db, name.noun, [name.case], height);
  return act === undefined ? undefined : { found: caseAt(act, models), act };
}

/** Cases of a noun after the blocks below a height, in the order of their ids. */
export async function listCasesAt(
  db: Db,
  noun: string,
  page: PageRequest,
  height: number,
  models: ModelVersions,
): Promise<Page<CaseAt>> {
  const limit = page.limit ?? DEFAULT_PAGE;
  const [after] = decodeCursor(page.cursor, [""] as [string]) ?? [];
  let query = db.selectFrom("cases").select("case_id").where("noun", "=", noun).where("opened_block", "<", height);
  if (after !== undefined) query = query.where("case_id", ">", after);
  const rows = await query
    .orderBy("case_id")
    .limit(limit + 1)
    .execute();
  const names = rows.map(({ case_id }) => case_id);
  const acts = new Map((await lastActs(db, noun, names, height)).map((act) => [act.case, act]));
  const found = pageOf(
    rows,
    limit,
    ({ case_id }) => [case_id],
    ({ case_id }) => acts.get(case_id),
  );
  return { ...found, items: found.items.flatMap((act) => (act === undefined ? [] : [caseAt(act, models)])) };
}

/**
 * The acts of one noun's cases that counted last below a height. Each is looked for once, however many acts its case has:
 * the cases come first, as the order of a cross join says to SQLite, which reads all acts of them otherwise.
 */
export async function lastActs(db: Db, noun: string, ids: readonly string[], height: number): Promise<FoldedAct[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom("cases as c")
    .crossJoin("acts as a")
    .selectAll("a")
    .where("c.noun", "=", noun)
    .where("c.case_id", "in", ids)
    .whereRef("a.noun", "=", "c.noun")
    .whereRef("a.case_id", "=", "c.case_id")
    .where("a.counted", "=", 1)
    .where("a.number", "=", ({ selectFrom }) =>
      selectFrom("acts as b")
        .select("b.number")
        .whereRef("b.noun", "=", "c.noun")
        .whereRef("b.case_id", "=", "c.case_id")
        .where("b.counted", "=", 1)
        .where("b.block", "<", height)
        .orderBy("b.block", "desc")
        .orderBy("b.tx", "desc")
        .orderBy("b.number", "desc")
        .limit(1),
    )
    .execute();
  return rows.map(actOf);
}

/** What an act left, by the version that gave it. */
export function caseAt(act: FoldedAct, models: ModelVersions): CaseAt {
  const { noun, case: id, number, transactionId, state, time, block } = act;
  const ref = { noun, case: id };
  const description = models.of(act.model).nouns[noun]?.describe(ref, state as CaseState, act.body);
  return {
    ...{ noun, case: id, status: description?.status ?? "", act: number, transactionId, state },
    changed: { time, block },
  };
}
