import { sql } from "kysely";
import type { FoldedAct } from "../../core/index.js";
import { actOf, type Db, DEFAULT_PAGE, decodeCursor, type Page, type PageRequest, pageOf } from "../../read/index.js";

export interface Notice extends FoldedAct {
  /** Who of the department opened the case last, and when; absent while nobody has since. */
  readonly opened?: { readonly officer: string; readonly time: string };
}

export type Shown = "unread" | "all";

/** What others did that concerns the department, the last first. */
export async function listNotices(db: Db, department: string, shown: Shown, page: PageRequest): Promise<Page<Notice>> {
  const limit = page.limit ?? DEFAULT_PAGE;
  let query = db
    .selectFrom("notices as n")
    .innerJoin("acts as a", (join) =>
      join
        .onRef("a.block", "=", "n.block")
        .onRef("a.tx", "=", "n.tx")
        .onRef("a.noun", "=", "n.noun")
        .onRef("a.case_id", "=", "n.case_id")
        .onRef("a.number", "=", "n.number"),
    )
    .leftJoin("local.read_marks as m", (join) =>
      // A mark stands for all up to its number.
      join.onRef("m.noun", "=", "n.noun").onRef("m.case_id", "=", "n.case_id").onRef("m.number", ">=", "n.number"),
    )
    .selectAll("a")
    .select(["m.officer as opened_by", "m.time as opened_at"])
    .where("n.department", "=", department);
  if (shown === "unread") query = query.where("m.officer", "is", null);
  const after = decodeCursor(page.cursor, [0, 0] as [number, number]);
  if (after !== undefined) query = query.where(sql<boolean>`(n.block, n.tx) < (${after[0]}, ${after[1]})`);
  const rows = await query
    .orderBy("n.block", "desc")
    .orderBy("n.tx", "desc")
    .limit(limit + 1)
    .execute();
  return pageOf(
    rows,
    limit,
    (row) => [row.block, row.tx],
    (row) => ({
      ...actOf(row),
      ...(row.opened_by === null || row.opened_at === null
        ? {}
        : { opened: { officer: row.opened_by, time: row.opened_at } }),
    }),
  );
}

/** Notes that an officer has seen a case up to an act. */
export async function markRead(
  db: Db,
  mark: {
    readonly noun: string;
    readonly case: string;
    readonly number: number;
    readonly officer: string;
    readonly time: string;
  },
): Promise<void> {
  const { noun, case: id, number, officer, time } = mark;
  await db
    .insertInto("local.read_marks")
    .values({ noun, case_id: id, number, officer, time })
    .onConflict((conflict) =>
      conflict
        .columns(["noun", "case_id"])
        .doUpdateSet({ number, officer, time })
        .where("local.read_marks.number", "<", number),
    )
    .execute();
}
