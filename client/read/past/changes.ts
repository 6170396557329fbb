import { canonicalJson } from "@wanlian/model/canonical.js";
import type { ModelVersions } from "@wanlian/model/models.js";
import { sql } from "kysely";
import type { CaseName } from "../cases.js";
import { DEFAULT_PAGE, decodeCursor, type Page, type PageRequest, pageOf } from "../paging.js";
import type { Db } from "../rows.js";
import { type CaseAt, caseAt, lastActs } from "./cases-at.js";
import type { Place } from "./place.js";

/** A member of a case's state that is not what it was; one that was not there, or is there no more, has no value. */
export interface ChangedMember {
  readonly member: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** A case that is not what it was. */
export interface CaseChange extends CaseName {
  /** Absent where the case began in between. */
  readonly before?: Pick<CaseAt, "status" | "act">;
  readonly after: Pick<CaseAt, "status" | "act">;
  readonly members: readonly ChangedMember[];
}

export interface ChangeFilter extends PageRequest {
  readonly noun?: string;
  readonly case?: string;
}

/**
 * What changed between two places of the ledger, case by case, in the order of nouns and ids.
 * @param from undefined: from the beginning
 */
export async function listChanges(
  db: Db,
  places: { readonly from: Place | undefined; readonly to: Place },
  filter: ChangeFilter,
  models: ModelVersions,
): Promise<Page<CaseChange>> {
  const limit = filter.limit ?? DEFAULT_PAGE;
  const [since, until] = [places.from?.height ?? 0, places.to.height];
  const after = decodeCursor(filter.cursor, ["", ""] as [string, string]);
  const range = { since, until, filter };
  const isShort = await hasFewActs(db, range);
  const rows = await (isShort ? amongActs(db, range, after, limit + 1) : amongCases(db, range, after, limit + 1));
  const [before, now] = await Promise.all([since, until].map((height) => casesAt(db, rows, height, models)));
  return pageOf(
    rows,
    limit,
    ({ noun, case_id }) => [noun, case_id],
    ({ noun, case_id }) => changeOf(before?.get(`${noun}/${case_id}`), now?.get(`${noun}/${case_id}`)),
  );
}

/** Acts of a range that are grouped for a page; a longer range is gone through case by case. */
const FEW_ACTS = 5_000;

interface Range {
  readonly since: number;
  readonly until: number;
  readonly filter: ChangeFilter;
}
type After = readonly [string, string] | undefined;

async function hasFewActs(db: Db, { since, until }: Range): Promise<boolean> {
  const further = await db
    .selectFrom("acts")
    .select("block")
    .where("block", ">=", since)
    .where("block", "<", until)
    .orderBy("block")
    .orderBy("tx")
    .offset(FEW_ACTS)
    .limit(1)
    .executeTakeFirst();
  return further === undefined;
}

/** The cases of a range's acts: its own cost, whatever else the ledger holds. */
export async function amongActs(db: Db, { since, until, filter }: Range, after: After, limit: number) {
  let query = db
    .selectFrom("acts")
    .select(["noun", "case_id"])
    .where("counted", "=", 1)
    .where("block", ">=", since)
    .where("block", "<", until);
  if (filter.noun !== undefined) query = query.where("noun", "=", filter.noun);
  if (filter.case !== undefined) query = query.where("case_id", "=", filter.case);
  if (after !== undefined) query = query.where(sql<boolean>`(noun, case_id) > (${sql.join(after)})`);
  return query.groupBy(["noun", "case_id"]).orderBy("noun").orderBy("case_id").limit(limit).execute();
}

/**
 * The cases in their order, those passed over in which nothing counted in the range: of a long range a page is found
 * without all of it being read.
 */
export async function amongCases(db: Db, { since, until, filter }: Range, after: After, limit: number) {
  let query = db
    .selectFrom("cases as c")
    .select(["c.noun", "c.case_id"])
    .where("c.opened_block", "<", until)
    .where("c.changed_block", ">=", since)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom("acts as a")
          .select("a.number")
          .whereRef("a.noun", "=", "c.noun")
          .whereRef("a.case_id", "=", "c.case_id")
          .where("a.counted", "=", 1)
          .where("a.block", ">=", since)
          .where("a.block", "<", until),
      ),
    );
  if (filter.noun !== undefined) query = query.where("c.noun", "=", filter.noun);
  if (filter.case !== undefined) query = query.where("c.case_id", "=", filter.case);
  if (after !== undefined) query = query.where(sql<boolean>`(c.noun, c.case_id) > (${sql.join(after)})`);
  return query.orderBy("c.noun").orderBy("c.case_id").limit(limit).execute();
}

async function casesAt(
  db: Db,
  rows: readonly { readonly noun: string; readonly case_id: string }[],
  height: number,
  models: ModelVersions,
): Promise<ReadonlyMap<string, CaseAt>> {
  const found = new Map<string, CaseAt>();
  for (const noun of new Set(rows.map((row) => row.noun))) {
    const ids = rows.filter((row) => row.noun === noun).map(({ case_id }) => case_id);
    for (const act of await lastActs(db, noun, ids, height)) found.set(`${noun}/${act.case}`, caseAt(act, models));
  }
  return found;
}

function changeOf(before: CaseAt | undefined, after: CaseAt | undefined): CaseChange {
  if (after === undefined) throw new RangeError("a case that an act changed has a state after it");
  const { noun, case: id, status, act } = after;
  return {
    ...{ noun, case: id },
    ...(before === undefined ? {} : { before: { status: before.status, act: before.act } }),
    ...{ after: { status, act }, members: changedMembers(before?.state, after.state) },
  };
}

/** Members of two states that differ, by name. */
export function changedMembers(before: unknown, after: unknown): ChangedMember[] {
  const [one, other] = [before, after].map((state) => new Map<string, unknown>(Object.entries(Object(state))));
  const names = [...new Set([...(one?.keys() ?? []), ...(other?.keys() ?? [])])].sort();
  return names.flatMap((member) => {
    const [was, is] = [one?.get(member), other?.get(member)];
    if (was !== undefined && is !== undefined && canonicalJson(was) === canonicalJson(is)) return [];
    return [{ member, ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) }];
  });
}
