import type { Digest } from "@wanlian/model/identifiers.js";
import { sql } from "kysely";
import type { FoldedAct } from "../../core/index.js";
import { type ActQuery, type CaseName, type Db, type Page, type PageRequest, pageOfActs } from "../../read/index.js";

export interface TraceFilter extends PageRequest {
  /** Ledger time, RFC 3339 UTC; the first included, the second not. */
  readonly from?: string;
  readonly to?: string;
  readonly noun?: string;
}

/** Everything that happened to a case and to all that refers to it, directly or through others, in ledger order. */
export async function traceCase(db: Db, { noun, case: id }: CaseName, filter: TraceFilter): Promise<Page<FoldedAct>> {
  const related = sql<boolean>`(a.noun, a.case_id) in (
    with recursive related(noun, case_id) as (
      select noun, case_id from cases where noun = ${noun} and case_id = ${id}
      union
      select r.noun, r.case_id from case_references r join related on r.to_noun = related.noun and r.to_case = related.case_id
    )
    select noun, case_id from related
  )`;
  return page(db, filter, (query) => query.where(related));
}

/** Everything that a department did, or one of its officers. */
export async function traceAuthor(
  db: Db,
  author: { readonly department: string; readonly officer?: string },
  filter: TraceFilter,
): Promise<Page<FoldedAct>> {
  return page(db, filter, (query) => {
    const own = query.where("a.department", "=", author.department);
    return author.officer === undefined ? own : own.where("a.officer", "=", author.officer);
  });
}

/** How an operator company, known by its code, came to work for a department and ended. */
export async function traceOperator(
  db: Db,
  { department, code }: { readonly department: string; readonly code: string },
  filter: TraceFilter,
): Promise<Page<FoldedAct>> {
  // Canonical JSON: the code stands as JSON has it, and its wildcards are none.
  const stated = `%"code":${JSON.stringify(code).replaceAll(/[%_!]/g, (one) => `!${one}`)}%`;
  return page(db, filter, (query) =>
    query
      .where("a.noun", "=", "member")
      .where("a.case_id", "=", department)
      .where("a.type", "in", ["engage", "dismiss"])
      .where(sql<boolean>`a.body like ${stated} escape '!'`),
  );
}

/** Every act that states a digest, in what it says or in the state that it gives. */
export async function traceDigest(db: Db, digest: Digest, filter: TraceFilter): Promise<Page<FoldedAct>> {
  // Quoted: then it is a whole value. Hexadecimal holds no wildcard.
  const stated = `%"${digest}"%`;
  return page(db, filter, (query) =>
    query.where(({ or, eb }) => or([eb("a.body", "like", stated), eb("a.state", "like", stated)])),
  );
}

function page(db: Db, filter: TraceFilter, narrow: (query: ActQuery) => ActQuery): Promise<Page<FoldedAct>> {
  const { from, to, noun } = filter;
  return pageOfActs(db, filter, (all) => {
    let query = narrow(all);
    if (from !== undefined) query = query.where("a.time", ">=", from);
    if (to !== undefined) query = query.where("a.time", "<", to);
    return noun === undefined ? query : query.where("a.noun", "=", noun);
  });
}
