import type { Digest, MspId } from "@wanlian/model/identifiers.js";
import { sql } from "kysely";
import { type AuditFilter, type PlatformCall, readEntry } from "../access/index.js";
import type { TreeReader } from "../log/index.js";
import type { Db } from "../read/index.js";
import type { CallNoteCode } from "./call-fault.js";
import type { CallWord } from "./call-words.js";
import { type CallStanding, standingOf } from "./confirming.js";

/** What calls are picked out by. */
export const CALL_PICKS = ["all", "withoutGrant", "open", "agrees", "differs", "lacks"] as const;
export type CallPick = (typeof CALL_PICKS)[number];

/** A call in this log, and what its other side says of it. */
export interface ListedCall {
  readonly id: Digest;
  readonly position: number;
  readonly call: PlatformCall;
  readonly otherSide: CallStanding;
}

export interface CallPage {
  /** Positions below this one, newest first. */
  readonly before?: number;
  readonly limit: number;
}

/** Calls over other roads in the department's log, newest first. */
export async function listCalls(
  parts: { readonly db: Db; readonly department: MspId; readonly reader: () => TreeReader },
  filter: Pick<AuditFilter, "dataset" | "provider" | "consumer" | "since" | "until">,
  pick: CallPick,
  { before, limit }: CallPage,
): Promise<ListedCall[]> {
  const { db, department, reader } = parts;
  const other = sql<string>`case when a.provider = ${department} then a.consumer else a.provider end`;
  let query = db
    .selectFrom("local.accesses as a")
    .leftJoin("local.call_words as w", (join) => join.onRef("w.key", "=", "a.nonce").on("w.department", "=", other))
    .where("a.kind", "=", "call")
    .select(["a.position", "a.id", "a.opening", "w.facts", "w.word"]);
  for (const column of ["dataset", "provider", "consumer"] as const) {
    const value = filter[column];
    if (value !== undefined) query = query.where(`a.${column}`, "=", value);
  }
  if (filter.since !== undefined) query = query.where("a.time", ">=", filter.since);
  if (filter.until !== undefined) query = query.where("a.time", "<=", filter.until);
  if (before !== undefined) query = query.where("a.position", "<", before);
  if (pick !== "all") query = query.where(condition(pick));
  const rows = await query.orderBy("a.position", "desc").limit(limit).execute();
  const log = reader();
  const listed: ListedCall[] = [];
  for (const { position, id, opening, facts, word } of rows) {
    const read = readEntry(await log.record(Number(position)));
    if (read?.kind !== "call") continue;
    const said = word === null ? undefined : { facts: facts ?? "", word: word as CallWord };
    const otherSide = standingOf(opening as Digest, said);
    listed.push({ id: id as Digest, position: Number(position), call: read.call, otherSide });
  }
  return listed;
}

function condition(pick: Exclude<CallPick, "all">) {
  switch (pick) {
    case "withoutGrant":
      return sql<boolean>`a.reason <> ''`;
    case "open":
      return sql<boolean>`w.word is null`;
    case "agrees":
      return sql<boolean>`w.word = 'has' and w.facts = a.opening`;
    case "differs":
      return sql<boolean>`(w.word = 'differs' or (w.word = 'has' and w.facts <> a.opening))`;
    case "lacks":
      return sql<boolean>`w.word = 'lacks'`;
  }
}

/** What another department has of calls with this one, and this log lacks. */
export interface LackingCall {
  readonly department: MspId;
  readonly facts: unknown;
  readonly key: Digest;
  readonly told: string;
}

/** By their keys. @param after what was given last */
export async function listLacking(
  db: Db,
  limit: number,
  after: readonly [string, string] | undefined,
): Promise<LackingCall[]> {
  let query = db.selectFrom("local.call_words").selectAll().where("here", "=", 0).where("word", "=", "has");
  if (after !== undefined) query = query.where(sql<boolean>`(key, department) > (${sql.join(after)})`);
  const rows = await query.orderBy("key").orderBy("department").limit(limit).execute();
  return rows.map(({ key, department, said, time }) => ({
    ...{ key: key as Digest, department: department as MspId, told: time },
    facts: JSON.parse(said) as unknown,
  }));
}

export interface ListedNote {
  readonly number: number;
  readonly code: CallNoteCode;
  readonly source: string;
  readonly call: string;
  readonly said: string;
  readonly time: string;
}

/** Newest first. */
export async function listNotes(db: Db, limit: number, code?: string, before?: number): Promise<ListedNote[]> {
  let query = db.selectFrom("local.call_notes").selectAll();
  if (code !== undefined) query = query.where("code", "=", code);
  if (before !== undefined) query = query.where("number", "<", before);
  const rows = await query.orderBy("number", "desc").limit(limit).execute();
  return rows.map((row) => ({ ...row, number: Number(row.number), code: row.code as CallNoteCode }));
}
