import { sql } from "kysely";
import type { FoldedAct } from "../core/index.js";
import { DEFAULT_PAGE, decodeCursor, type Page, type PageRequest, pageOf } from "./paging.js";
import { actOf, type Db } from "./rows.js";

const acts = (db: Db) => db.selectFrom("acts as a").selectAll("a");
export type ActQuery = ReturnType<typeof acts>;

/** A void transaction can have written several keys; so the whole key is needed to go on behind one. */
const KEY: [number, number, string, string, number] = [0, 0, "", "", 0];

/** Acts in ledger order, narrowed by the caller. */
export async function pageOfActs(
  db: Db,
  page: PageRequest,
  narrow: (query: ActQuery) => ActQuery,
): Promise<Page<FoldedAct>> {
  const limit = page.limit ?? DEFAULT_PAGE;
  let query = narrow(acts(db));
  const after = decodeCursor(page.cursor, KEY);
  if (after !== undefined) {
    query = query.where(sql<boolean>`(a.block, a.tx, a.noun, a.case_id, a.number) > (${sql.join(after)})`);
  }
  const rows = await query
    .orderBy("a.block")
    .orderBy("a.tx")
    .orderBy("a.noun")
    .orderBy("a.case_id")
    .orderBy("a.number")
    .limit(limit + 1)
    .execute();
  return pageOf(rows, limit, (row) => [row.block, row.tx, row.noun, row.case_id, row.number], actOf);
}
