import { sql } from "kysely";
import {
  type CaseSummary,
  caseOf,
  type Db,
  DEFAULT_PAGE,
  type DeadlineEntry,
  deadlineOf,
  decodeCursor,
  type Page,
  type PageRequest,
  pageOf,
} from "../../read/index.js";

/** A deadline with the case it is about. */
export interface Duty {
  readonly noun: string;
  readonly case: string;
  readonly status: string;
  readonly deadline: DeadlineEntry;
}

export interface DutyFilter extends PageRequest {
  /** The department that has to act. */
  readonly owner?: string;
  /** Beside the owner's, those of anybody that passed before this instant: what has come to the bureau. */
  readonly escalatedAt?: string;
  /** Only those that passed before this instant. */
  readonly overdueAt?: string;
}

/** Deadlines that run, the most pressing first. */
export async function listDuties(db: Db, filter: DutyFilter, now: string | undefined): Promise<Page<Duty>> {
  const limit = filter.limit ?? DEFAULT_PAGE;
  let query = db
    .selectFrom("deadlines as d")
    .innerJoin("cases as c", (join) => join.onRef("c.noun", "=", "d.noun").onRef("c.case_id", "=", "d.case_id"))
    .selectAll("d")
    .select("c.status as status")
    .where("d.ended", "=", "");
  const { owner, escalatedAt } = filter;
  if (owner !== undefined) {
    query = query.where(({ eb, or, and }) =>
      or([
        eb("d.owner", "=", owner),
        ...(escalatedAt === undefined ? [] : [and([eb("d.due", "<", escalatedAt), eb("d.provisional", "=", 0)])]),
      ]),
    );
  }
  if (filter.overdueAt !== undefined)
    query = query.where("d.due", "<", filter.overdueAt).where("d.provisional", "=", 0);
  const after = decodeCursor(filter.cursor, ["", "", "", ""] as [string, string, string, string]);
  if (after !== undefined) {
    const [due, noun, id, kind] = after;
    query = query.where(sql<boolean>`(d.due, d.noun, d.case_id, d.kind) > (${due}, ${noun}, ${id}, ${kind})`);
  }
  const rows = await query
    .orderBy("d.due")
    .orderBy("d.noun")
    .orderBy("d.case_id")
    .orderBy("d.kind")
    .limit(limit + 1)
    .execute();
  return pageOf(
    rows,
    limit,
    (row) => [row.due, row.noun, row.case_id, row.kind],
    (row) => ({ noun: row.noun, case: row.case_id, status: row.status, deadline: deadlineOf(row, now) }),
  );
}

/** Cases that a department is party to, those that changed last first. */
export async function listPartyCases(db: Db, department: string, page: PageRequest): Promise<Page<CaseSummary>> {
  const limit = page.limit ?? DEFAULT_PAGE;
  let query = db
    .selectFrom("cases as c")
    .selectAll("c")
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom("parties as p")
          .select("p.department")
          .whereRef("p.noun", "=", "c.noun")
          .whereRef("p.case_id", "=", "c.case_id")
          .where("p.department", "=", department),
      ),
    );
  const after = decodeCursor(page.cursor, [0, 0] as [number, number]);
  if (after !== undefined)
    query = query.where(sql<boolean>`(c.changed_block, c.changed_tx) < (${after[0]}, ${after[1]})`);
  const rows = await query
    .orderBy("c.changed_block", "desc")
    .orderBy("c.changed_tx", "desc")
    .limit(limit + 1)
    .execute();
  return pageOf(rows, limit, (row) => [row.changed_block, row.changed_tx], caseOf);
}
