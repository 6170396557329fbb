import { canonicalJson } from "@wanlian/model/canonical.js";
import type { ModelVersions } from "@wanlian/model/models.js";
import type { CaseName } from "../cases.js";
import { DEFAULT_PAGE, decodeCursor, type Page, type PageRequest, pageOf } from "../paging.js";
import type { Db } from "../rows.js";
import { type CaseAt, caseAt, lastActs } from "./cases-at.js";
import { changedCases } from "./changed-cases.js";
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
 * What changed between two places of the ledger, case by case: noun by noun, in the order in which cases changed first.
 * @param from undefined: from the beginning
 */
export async function listChanges(
  db: Db,
  places: { readonly from: Place | undefined; readonly to: Place },
  { limit = DEFAULT_PAGE, cursor, ...filter }: ChangeFilter,
  models: ModelVersions,
): Promise<Page<CaseChange>> {
  const [since, until] = [places.from?.height ?? 0, places.to.height];
  const [noun, block = 0, tx = 0] = decodeCursor(cursor, ["", 0, 0] as [string, number, number]) ?? [];
  const after = noun === undefined ? undefined : { noun, block, tx };
  const rows = await changedCases(db, { since, until }, filter, after, limit + 1);
  const [before, now] = await Promise.all([since, until].map((height) => casesAt(db, rows, height, models)));
  return pageOf(
    rows,
    limit,
    (row) => [row.noun, row.block, row.tx],
    ({ noun, case_id }) => changeOf(before?.get(`${noun}/${case_id}`), now?.get(`${noun}/${case_id}`)),
  );
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
