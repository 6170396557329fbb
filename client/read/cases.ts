import { type DatasetId, providerOf } from "@wanlian/model/identifiers.js";
import { type Expression, type ExpressionBuilder, type SqlBool, sql } from "kysely";
import type { FoldedAct } from "../core/index.js";
import { type NodeDatabase, searchPattern } from "../projection/index.js";
import { pageOfActs } from "./act-page.js";
import { DEFAULT_PAGE, decodeCursor, MAX_PAGE, type Page, type PageRequest, pageOf } from "./paging.js";
import { actOf, type CaseSummary, caseOf, type Db, type DeadlineEntry, deadlineOf } from "./rows.js";

export interface CaseName {
  readonly noun: string;
  readonly case: string;
}

export interface CaseFilter extends PageRequest {
  readonly status?: string;
  /** A department that is party to it, in whatever relation. */
  readonly party?: string;
  /** Only with `party`. */
  readonly relation?: string;
  /** Words, each of which the case's text has to hold. */
  readonly text?: string;
  /** A case that it refers to. */
  readonly about?: CaseName;
  /** A dataset that it names, or that a class of its provider's can have: whether it has, the rules say. */
  readonly granting?: DatasetId;
  readonly overdueAt?: string;
  /** What its id begins with: hexadecimal digits. */
  readonly begins?: string;
  /** A piece of canonical JSON that its state has to hold. */
  readonly stateHolds?: string;
}

/** Words of a search that are looked at. */
const MAX_WORDS = 8;

function mayGrant(expression: ExpressionBuilder<NodeDatabase, "cases">, dataset: DatasetId): Expression<SqlBool> {
  const { and, exists, or, selectFrom } = expression;
  const names = selectFrom("case_references")
    .select("case_references.to_case")
    .whereRef("case_references.noun", "=", "cases.noun")
    .whereRef("case_references.case_id", "=", "cases.case_id")
    .where("case_references.to_noun", "=", "dataset")
    .where("case_references.to_case", "=", dataset);
  const isItsProviders = selectFrom("parties")
    .select("parties.department")
    .whereRef("parties.noun", "=", "cases.noun")
    .whereRef("parties.case_id", "=", "cases.case_id")
    .where("parties.department", "=", providerOf(dataset))
    .where("parties.relation", "=", "provider");
  const isOfClass = sql<boolean>`cases.state like ${pattern('"ofClass":{')} escape '!'`;
  return or([exists(names), and([exists(isItsProviders), isOfClass])]);
}

/** Cases of a noun, those that changed last first. */
export async function listCases(db: Db, noun: string, filter: CaseFilter): Promise<Page<CaseSummary>> {
  const limit = filter.limit ?? DEFAULT_PAGE;
  const rows = await casesOf(db, noun, filter)
    .limit(limit + 1)
    .execute();
  return pageOf(rows, limit, (row) => [row.changed_block, row.changed_tx], caseOf);
}

/**
 * All that there are, for what is worked out of all of them: in one look, since what changes between two pages would
 * stand on neither.
 */
export async function everyCase(
  db: Db,
  noun: string,
  filter: Omit<CaseFilter, keyof PageRequest>,
): Promise<CaseSummary[]> {
  return (await casesOf(db, noun, filter).execute()).map(caseOf);
}

function casesOf(db: Db, noun: string, filter: CaseFilter) {
  let query = db.selectFrom("cases").selectAll("cases").where("cases.noun", "=", noun);
  const { status, party, relation, about, granting, overdueAt } = filter;
  if (status !== undefined) query = query.where("cases.status", "=", status);
  if (party !== undefined) {
    query = query.where(({ exists, selectFrom }) => {
      const parties = selectFrom("parties")
        .select("parties.department")
        .whereRef("parties.noun", "=", "cases.noun")
        .whereRef("parties.case_id", "=", "cases.case_id")
        .where("parties.department", "=", party);
      return exists(relation === undefined ? parties : parties.where("parties.relation", "=", relation));
    });
  }
  if (about !== undefined) {
    query = query.where(({ exists, selectFrom }) =>
      exists(
        selectFrom("case_references")
          .select("case_references.to_case")
          .whereRef("case_references.noun", "=", "cases.noun")
          .whereRef("case_references.case_id", "=", "cases.case_id")
          .where("case_references.to_noun", "=", about.noun)
          .where("case_references.to_case", "=", about.case),
      ),
    );
  }
  if (granting !== undefined) query = query.where((expression) => mayGrant(expression, granting));
  if (overdueAt !== undefined) {
    query = query.where(({ exists, selectFrom }) =>
      exists(
        selectFrom("deadlines")
          .select("deadlines.due")
          .whereRef("deadlines.noun", "=", "cases.noun")
          .whereRef("deadlines.case_id", "=", "cases.case_id")
          .where("deadlines.ended", "=", "")
          .where("deadlines.provisional", "=", 0)
          .where("deadlines.due", "<", overdueAt),
      ),
    );
  }
  for (const word of wordsOf(filter.text)) {
    query = query.where(sql<boolean>`cases.search_text like ${searchPattern(word)} escape '\\'`);
  }
  if (filter.begins !== undefined) query = query.where("cases.case_id", "like", `${filter.begins}%`);
  if (filter.stateHolds !== undefined) {
    query = query.where(sql<boolean>`cases.state like ${pattern(filter.stateHolds)} escape '!'`);
  }
  const after = decodeCursor(filter.cursor, [0, 0] as [number, number]);
  if (after !== undefined) {
    query = query.where(sql<boolean>`(cases.changed_block, cases.changed_tx) < (${after[0]}, ${after[1]})`);
  }
  return query.orderBy("cases.changed_block", "desc").orderBy("cases.changed_tx", "desc");
}

export async function findCase(db: Db, { noun, case: id }: CaseName): Promise<CaseSummary | undefined> {
  const row = await db
    .selectFrom("cases")
    .selectAll()
    .where("noun", "=", noun)
    .where("case_id", "=", id)
    .executeTakeFirst();
  return row === undefined ? undefined : caseOf(row);
}

/** What hangs on a case. */
export interface CaseContext {
  readonly parties: readonly { readonly department: string; readonly relation: string }[];
  readonly deadlines: readonly DeadlineEntry[];
  readonly references: readonly CaseName[];
  readonly referredToBy: readonly (CaseName & { readonly status: string })[];
  /** Whether more refer to it than are named. */
  readonly moreReferring: boolean;
  /** Numbers that void acts have used up. */
  readonly voidNumbers: readonly number[];
}

/** Cases that refer to one; more are found by the list's filter `about`. */
const MAX_REFERRING = 200;

export async function contextOf(db: Db, name: CaseName, now: string | undefined): Promise<CaseContext> {
  const { noun, case: id } = name;
  const parties = await db
    .selectFrom("parties")
    .select(["department", "relation"])
    .where("noun", "=", noun)
    .where("case_id", "=", id)
    .orderBy("department")
    .orderBy("relation")
    .execute();
  const deadlines = await db
    .selectFrom("deadlines")
    .selectAll()
    .where("noun", "=", noun)
    .where("case_id", "=", id)
    .orderBy("start")
    .orderBy("kind")
    .execute();
  const references = await db
    .selectFrom("case_references")
    .select(["to_noun as noun", "to_case as case"])
    .where("noun", "=", noun)
    .where("case_id", "=", id)
    .orderBy("to_noun")
    .orderBy("to_case")
    .execute();
  const referredToBy = await db
    .selectFrom("case_references as r")
    .innerJoin("cases as c", (join) => join.onRef("c.noun", "=", "r.noun").onRef("c.case_id", "=", "r.case_id"))
    .select(["c.noun as noun", "c.case_id as case", "c.status as status"])
    .where("r.to_noun", "=", noun)
    .where("r.to_case", "=", id)
    .orderBy("c.changed_block", "desc")
    .limit(MAX_REFERRING + 1)
    .execute();
  const voids = await db
    .selectFrom("voids")
    .select("number")
    .where("noun", "=", noun)
    .where("case_id", "=", id)
    .orderBy("number")
    .execute();
  return {
    parties,
    deadlines: deadlines.map((row) => deadlineOf(row, now)),
    references,
    referredToBy: referredToBy.slice(0, MAX_REFERRING),
    moreReferring: referredToBy.length > MAX_REFERRING,
    voidNumbers: voids.map(({ number }) => number),
  };
}

/** The acts of a case in their order, void ones included and marked. */
export function listActs(db: Db, { noun, case: id }: CaseName, page: PageRequest): Promise<Page<FoldedAct>> {
  return pageOfActs(db, page, (query) => query.where("a.noun", "=", noun).where("a.case_id", "=", id));
}

/** All of them: acts are only added, so that page by page none is missed. */
export async function everyAct(db: Db, name: CaseName): Promise<FoldedAct[]> {
  const acts: FoldedAct[] = [];
  let page: Page<FoldedAct> | undefined;
  do {
    page = await listActs(db, name, { limit: MAX_PAGE, ...(page?.next && { cursor: page.next }) });
    acts.push(...page.items);
  } while (page.next !== undefined);
  return acts;
}

/** The act of a case that counted under a number: its body is what states do not repeat. */
export async function findAct(db: Db, { noun, case: id }: CaseName, number: number): Promise<FoldedAct | undefined> {
  const row = await db
    .selectFrom("acts")
    .selectAll()
    .where("noun", "=", noun)
    .where("case_id", "=", id)
    .where("number", "=", number)
    .where("counted", "=", 1)
    .executeTakeFirst();
  return row === undefined ? undefined : actOf(row);
}

const wordsOf = (text: string | undefined): string[] => (text ?? "").split(/\s+/u).filter(Boolean).slice(0, MAX_WORDS);

/** `like`, with wildcards in the text itself taken as they are. */
const pattern = (word: string): string => `%${word.replaceAll(/[!%_]/g, "!$&")}%`;
