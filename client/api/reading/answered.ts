import type { ModelVersions } from "@wanlian/model/models.js";
import type { Question } from "@wanlian/verify";
import { ApiError, type FoldedAct } from "../../core/index.js";
import type { Answered, AnsweredStanding } from "../../evidence/index.js";
import { type LineageQuestion, lineageOf } from "../../lineage/index.js";
import {
  type CaseChange,
  type Db,
  findAct,
  findCase,
  isBlock,
  lastActs,
  listChanges,
  type Page,
  type Place,
  placeAt,
} from "../../read/index.js";
import { caseThen } from "./as-of.js";
import { type TraceFilter, traceAuthor, traceCase, traceDigest, traceOperator } from "./trace.js";

/** Acts in one file, where nobody says how many. */
const DEFAULT_ACTS = 100;

type Of<Kind extends Question["kind"]> = Extract<Question, { readonly kind: Kind }>;
/** Questions that the ledger answers; those to the node's own log and data are answered elsewhere. */
export type LedgerQuestion = Exclude<Question, Of<"accesses"> | Of<"cell">>;

export interface AskedLedger {
  readonly db: Db;
  readonly models: ModelVersions;
  /** How the version in force reads states. */
  readonly reading: Parameters<typeof lineageOf>[1];
  /** The height up to which enough departments have anchored the ledger: what stood by then can be proven. */
  readonly vouched: number;
}

/** What the ledger answers. @throws ApiError NO_SUCH_CASE, NO_SUCH_ENTRY, BAD_REQUEST */
export async function answeredBy(question: LedgerQuestion, asked: AskedLedger): Promise<Answered> {
  switch (question.kind) {
    case "history": {
      const { noun, case: id } = question;
      if ((await findCase(asked.db, { noun, case: id })) === undefined) throw noCase(noun, id);
      return ofPage(question, await traceCase(asked.db, { noun, case: id }, filterOf(question)));
    }
    case "author":
      return ofPage(question, await traceAuthor(asked.db, question, filterOf(question)));
    case "operator":
      return ofPage(question, await traceOperator(asked.db, question, filterOf(question)));
    case "digest":
      return ofPage(question, await traceDigest(asked.db, question.digest, filterOf(question)));
    case "lineage":
      return await ofLineage(question, asked);
    case "asOf":
      return await ofTime(question, asked);
    case "changes":
      return await ofChanges(question, asked);
  }
}

const noCase = (noun: string, id: string): ApiError => new ApiError("NO_SUCH_CASE", `There is no ${noun} ${id}.`);

function filterOf({
  from,
  to,
  only,
  limit = DEFAULT_ACTS,
  cursor,
}: Of<"history" | "author" | "operator" | "digest">): TraceFilter {
  return {
    limit,
    ...(cursor === undefined ? {} : { cursor }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(only === undefined ? {} : { noun: only }),
  };
}

const ofPage = (question: Question, { items, next }: Page<FoldedAct>): Answered => ({
  ...{ question, acts: items, standings: [], records: [], more: next !== undefined },
});

/** Registrations say what was made of what; of each release its last act too, and of the objections concerned. */
async function ofLineage(question: Of<"lineage">, { db, reading }: AskedLedger): Promise<Answered> {
  const { kind: _, ...asked } = question;
  const found = await lineageOf(db, reading, { ...(asked satisfies LineageQuestion), limit: MOST_RELEASES });
  if (found === undefined) throw noCase("release", question.release);
  const acts: FoldedAct[] = [];
  for (const noun of ["release", "product"] as const) {
    const ids = found.releases.filter((one) => one.noun === noun).map(({ release }) => release);
    acts.push(...(await firstActs(db, noun, ids)), ...(await lastActs(db, noun, ids, Number.MAX_SAFE_INTEGER)));
  }
  const objections = found.objections.map(({ objection }) => objection);
  acts.push(...(await lastActs(db, "objection", objections.slice(0, MOST_RELEASES), Number.MAX_SAFE_INTEGER)));
  const beyond = found.further.up.releases + found.further.down.releases;
  const more = beyond > 0 || objections.length > MOST_RELEASES;
  return { question, acts: inOrder(acts), standings: [], records: [], more };
}

/** Of each there are two acts at most; and as many objections to them in all. */
const MOST_RELEASES = 150;

async function firstActs(db: Db, noun: string, ids: readonly string[]): Promise<FoldedAct[]> {
  const found = await Promise.all(ids.map((id) => findAct(db, { noun, case: id }, 1)));
  return found.filter((act) => act !== undefined);
}

/** The case's last act by then, of a dataset the act that made its entry, and what was open; with clock and policy. */
async function ofTime(question: Of<"asOf">, { db, models, vouched }: AskedLedger): Promise<Answered> {
  const { noun, case: id, at } = question;
  const place = await vouchedPlace(db, at, vouched);
  const then = await caseThen(db, { noun, case: id }, place, models);
  if (then === undefined) throw new ApiError("NO_SUCH_CASE", `There was no ${noun} ${id} then.`);
  const { height } = place;
  const channel = [
    ...(await lastActs(db, "clock", ["clock"], height)),
    ...(await lastActs(db, "policy", ["policy"], height)),
  ];
  const objections = then.openObjections ?? [];
  const open = await lastActs(db, "objection", objections.slice(0, MOST_OPEN), height);
  const entry =
    noun === "dataset" ? await findAct(db, { noun, case: id }, Number(Object(then.case.state).version)) : undefined;
  const stood = [then.lastAct, ...open, ...channel];
  return {
    question,
    acts: inOrder([...stood, ...(entry === undefined ? [] : [entry])]),
    standings: stood.map((act) => ({ act, height })),
    ...{ records: [], more: objections.length > MOST_OPEN },
  };
}

/** Open objections of one dataset in a file: with what else stood they fit into it. */
const MOST_OPEN = 400;

/** Of each case that changed its last act before and its last act after. */
async function ofChanges(question: Of<"changes">, { db, models, vouched }: AskedLedger): Promise<Answered> {
  const { from, to, noun, case: id, limit = DEFAULT_ACTS, cursor } = question;
  const until = await vouchedPlace(db, to, vouched);
  const begun = from === undefined ? undefined : await placeAt(db, from);
  // Up to now is up to what is anchored: of what came since, nothing can be shown yet.
  const since = to === undefined && (begun?.height ?? 0) > until.height ? until : begun;
  if ((since?.height ?? 0) > until.height) throw new ApiError("BAD_REQUEST", "from: is later than to");
  const filter = {
    limit: Math.min(limit, MOST_CHANGES),
    ...(cursor === undefined ? {} : { cursor }),
    ...(noun === undefined ? {} : { noun }),
    ...(id === undefined ? {} : { case: id }),
  };
  const { items, next } = await listChanges(db, { from: since, to: until }, filter, models);
  const before =
    since === undefined
      ? []
      : await standingsAt(
          db,
          items.filter((one) => one.before !== undefined),
          since.height,
        );
  const standings = [...before, ...(await standingsAt(db, items, until.height))];
  const acts = inOrder(standings.map(({ act }) => act));
  return { question, acts, standings, records: [], more: next !== undefined };
}

/** Of each there are two acts. */
const MOST_CHANGES = 250;

async function standingsAt(db: Db, changes: readonly CaseChange[], height: number): Promise<AnsweredStanding[]> {
  const found: AnsweredStanding[] = [];
  for (const noun of new Set(changes.map((one) => one.noun))) {
    const ids = changes.filter((one) => one.noun === noun).map((one) => one.case);
    for (const act of await lastActs(db, noun, ids, height)) found.push({ act, height });
  }
  return found;
}

/** The place asked for; now, and a time that is still to come, is the last that enough departments have anchored. */
async function vouchedPlace(db: Db, at: string | undefined, vouched: number): Promise<Place> {
  const place = await placeAt(db, at);
  const newest = await placeAt(db, undefined);
  const isNow = at === undefined || (!isBlock(at) && place?.block === newest?.block);
  const found = place !== undefined && isNow && place.height > vouched ? await placeAt(db, String(vouched - 1)) : place;
  if (found === undefined) throw new ApiError("NO_SUCH_ENTRY", `The ledger has no block as of ${at ?? "now"} yet.`);
  return found;
}

/** Each once, in the order of the ledger. */
function inOrder(acts: readonly FoldedAct[]): FoldedAct[] {
  const once = new Map(acts.map((act) => [`${act.noun}/${act.case}/${act.number}`, act]));
  return [...once.values()].sort((a, b) => a.block - b.block || a.transaction - b.transaction);
}
