import { TransactionId } from "@wanlian/model/identifiers.js";
import { Type } from "typebox";
import { ApiError } from "../../../core/index.js";
import { type Db, findAct, findCase } from "../../../read/index.js";
import { Match } from "../../answers/catalogue.js";
import { type Operation, operation } from "../../operation.js";
import { MOST_MATCHES, matchesOf, type Wanted } from "../../reading/matches/matches.js";
import { listOf } from "../../schemas.js";

const closed = { additionalProperties: false } as const;
const MAX_WORDS = 600;
const description = `The nearest first, ${MOST_MATCHES} at most`;

/** 供需对接: which datasets of the catalogue come near to what is needed. */
export const matchOperations: readonly Operation[] = [
  operation({
    id: "matchDemand",
    tag: "catalogue",
    method: "get",
    route: "/demands/{case}/matches",
    summary: {
      zh: "目录中与一项需求相近的数据资源，及所依据的词语",
      en: "Datasets of the catalogue that come near to a demand, with the words by which they do",
    },
    path: Type.Object({ case: TransactionId }, closed),
    answers: { 200: listOf(Match, description) },
    handle: async ({ db, path }) => ({
      status: 200,
      body: { items: await matchesOf(db, await demandOf(db, path.case)) },
    }),
  }),
  operation({
    id: "matchWords",
    tag: "catalogue",
    method: "get",
    route: "/catalogue/matches",
    summary: {
      zh: "目录中与一段说明相近的数据资源，及所依据的词语",
      en: "Datasets of the catalogue that come near to what is said, with the words by which they do",
    },
    query: Type.Object({ text: Type.String({ minLength: 1, maxLength: MAX_WORDS }) }, closed),
    answers: { 200: listOf(Match, description) },
    handle: async ({ db, query }) => ({
      status: 200,
      body: { items: await matchesOf(db, { name: query.text, description: "" }) },
    }),
  }),
];

async function demandOf(db: Db, id: string): Promise<Wanted> {
  const name = { noun: "demand", case: id };
  const found = await findCase(db, name);
  if (found === undefined) throw new ApiError("NO_SUCH_CASE", `There is no demand ${id}.`);
  const { name: called, description } = Object((await findAct(db, name, 1))?.body);
  const { consumer } = Object(found.state);
  return { name: String(called), description: String(description), consumer: String(consumer) };
}
