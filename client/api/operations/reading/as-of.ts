import { Type } from "typebox";
import { ApiError } from "../../../core/index.js";
import {
  AT,
  type Db,
  isBlock,
  listCasesAt,
  listChanges,
  type Place,
  pageParameters,
  placeAt,
} from "../../../read/index.js";
import { type Operation, operation } from "../../operation.js";
import { caseThen, channelAt } from "../../reading/as-of.js";
import { FoldedAct, listOf, Moment } from "../../schemas.js";

const closed = { additionalProperties: false } as const;
const At = Type.Optional(
  Type.String({
    pattern: AT,
    description: "An instant (UTC), a day (to its end in Beijing) or a block's number; default now.",
  }),
);
const Noun = Type.String({ maxLength: 32, minLength: 1 });
const Case = Type.String({ maxLength: 200, minLength: 1 });

const Reached = Type.Object(
  { block: Type.Integer(), time: Type.String() },
  { description: "The last block that counted then, and the ledger's time." },
);

const CaseAt = Type.Object(
  {
    noun: Type.String(),
    case: Type.String(),
    status: Type.String(),
    act: Type.Integer({ description: "Number of its last act by then." }),
    transactionId: Type.String({ description: "Of that act: what proves it." }),
    state: Type.Unknown(),
    changed: Moment,
  },
  { additionalProperties: true, title: "CaseAt" },
);

const Standing = Type.Object({ status: Type.String(), act: Type.Integer() });

const CaseChange = Type.Object(
  {
    noun: Type.String(),
    case: Type.String(),
    before: Type.Optional(Standing),
    after: Standing,
    members: Type.Array(
      Type.Object({
        member: Type.String(),
        before: Type.Optional(Type.Unknown()),
        after: Type.Optional(Type.Unknown()),
      }),
      { description: "Members of the state that are not what they were." },
    ),
  },
  { additionalProperties: true, title: "CaseChange" },
);

/** What was known and in force at a time, and what changed between two. */
export const asOfOperations: readonly Operation[] = [
  operation({
    id: "showAsOf",
    tag: "trace",
    method: "get",
    route: "/as-of",
    summary: { zh: "某一时刻现行的政策和在册成员", en: "The policy in force and the members at a time" },
    query: Type.Object({ at: At }, closed),
    answers: {
      200: Type.Object(
        { at: Reached, policy: Type.Unknown(), members: Type.Array(Type.String()) },
        { additionalProperties: true },
      ),
    },
    handle: async ({ db, services, query }) => {
      const found = await channelAt(db, await existing(db, query.at), services.models);
      if (found === undefined) throw new ApiError("NO_SUCH_ENTRY", "The channel had no policy then.");
      return { status: 200, body: { ...found } };
    },
  }),
  operation({
    id: "showCaseAsOf",
    tag: "trace",
    method: "get",
    route: "/as-of/case",
    summary: {
      zh: "一个事项在某一时刻的状态；数据资源含当时的目录条目和未结异议，授权含当时是否有效",
      en: "A case as it stood at a time; a dataset's entry and open objections, whether a grant was in force",
    },
    query: Type.Object({ at: At, noun: Noun, case: Case }, closed),
    answers: {
      200: Type.Object(
        {
          at: Reached,
          case: CaseAt,
          lastAct: FoldedAct,
          entry: Type.Optional(Type.Unknown()),
          inForce: Type.Optional(Type.Boolean()),
          openObjections: Type.Optional(Type.Array(Type.String())),
        },
        { additionalProperties: true },
      ),
    },
    handle: async ({ db, services, query }) => {
      const name = { noun: query.noun, case: query.case };
      const found = await caseThen(db, name, await existing(db, query.at), services.models);
      if (found === undefined) throw new ApiError("NO_SUCH_CASE", `There was no ${name.noun} ${name.case} then.`);
      return { status: 200, body: { ...found } };
    },
  }),
  operation({
    id: "listCasesAsOf",
    tag: "trace",
    method: "get",
    route: "/as-of/cases",
    summary: { zh: "某类事项在某一时刻的状态", en: "Cases of a noun as they stood at a time" },
    query: Type.Object({ ...pageParameters, at: At, noun: Noun }, closed),
    answers: { 200: listOf(CaseAt, "In the order of their ids") },
    handle: async ({ db, services, query }) => {
      const { at, noun, ...page } = query;
      const { height } = await existing(db, at);
      return { status: 200, body: { ...(await listCasesAt(db, noun, page, height, services.models)) } };
    },
  }),
  operation({
    id: "listChanges",
    tag: "trace",
    method: "get",
    route: "/changes",
    summary: { zh: "两个时刻之间的变化，逐个事项列出", en: "What changed between two times, case by case" },
    query: Type.Object(
      { ...pageParameters, from: At, to: At, noun: Type.Optional(Noun), case: Type.Optional(Case) },
      closed,
    ),
    answers: {
      200: listOf(
        CaseChange,
        "Noun by noun, in the order in which cases changed first; without from, from the beginning",
      ),
    },
    handle: async ({ db, services, query }) => {
      const { from, to, ...filter } = query;
      const places = { from: from === undefined ? undefined : await begun(db, from), to: await existing(db, to) };
      if ((places.from?.height ?? 0) > places.to.height) {
        throw new ApiError("BAD_REQUEST", "query/from: is later than query/to");
      }
      return { status: 200, body: { ...(await listChanges(db, places, filter, services.models)) } };
    },
  }),
];

/** Undefined for a time before the ledger's first block; a block that is not there yet is no beginning. */
const begun = (db: Db, from: string): Promise<Place | undefined> =>
  isBlock(from) ? existing(db, from) : placeAt(db, from);

async function existing(db: Db, at: string | undefined): Promise<Place> {
  const place = await placeAt(db, at);
  if (place === undefined) throw new ApiError("NO_SUCH_ENTRY", `The ledger has no block as of ${at ?? "now"}.`);
  return place;
}
