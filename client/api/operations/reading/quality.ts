import { TransactionId } from "@wanlian/model/identifiers.js";
import { Type } from "typebox";
import { ApiError } from "../../../core/index.js";
import { type Db, findCase } from "../../../read/index.js";
import { ReleaseScores, StagesOf } from "../../answers/quality.js";
import { type Operation, operation } from "../../operation.js";
import { newestRelease } from "../../reading/catalogue.js";
import { MAX_SCORED_RELEASES, scoresOf } from "../../reading/scores.js";
import { qualityByStage } from "../../reading/stages.js";
import { listOf } from "../../schemas.js";

const closed = { additionalProperties: false } as const;
const dataset = Type.Object({ provider: Type.String({ maxLength: 64 }), code: Type.String({ maxLength: 64 }) }, closed);

/** What the ledger says of a dataset's quality: stage by stage, and release by release. */
export const qualityOperations: readonly Operation[] = [
  operation({
    id: "listStages",
    tag: "catalogue",
    method: "get",
    route: "/datasets/{provider}/{code}/stages",
    summary: {
      zh: "数据全生命周期各环节的责任、标准和质量；缺省为最新批次",
      en: "Responsibility, standard and quality by stage of a dataset's life cycle; by default of its newest release",
    },
    path: dataset,
    query: Type.Object({ release: Type.Optional(TransactionId) }, closed),
    answers: {
      200: StagesOf,
    },
    handle: async ({ db, path, query }) => {
      const id = await datasetThere(db, path);
      const release = query.release ?? (await newestRelease(db, id));
      const state = release === undefined ? undefined : (await findCase(db, { noun: "release", case: release }))?.state;
      if (query.release !== undefined && Object(state).dataset !== id) {
        throw new ApiError("NO_SUCH_CASE", `There is no release ${query.release} of ${id}.`);
      }
      const items = await qualityByStage(db, id, release);
      return { status: 200, body: { ...(release === undefined ? {} : { release }), items } };
    },
  }),
  operation({
    id: "listScores",
    tag: "catalogue",
    method: "get",
    route: "/datasets/{provider}/{code}/scores",
    summary: {
      zh: "各批次的质量得分及其变化：按登记先后，列出账本上有效的检查",
      en: "Scores of a dataset's releases and their trend: in order of registration, with the checks that stand",
    },
    path: dataset,
    answers: {
      200: listOf(ReleaseScores, `The ${MAX_SCORED_RELEASES} newest, the oldest of them first`),
    },
    handle: async ({ db, path }) => ({
      status: 200,
      body: { items: await scoresOf(db, await datasetThere(db, path)) },
    }),
  }),
];

async function datasetThere(
  db: Db,
  { provider, code }: { readonly provider: string; readonly code: string },
): Promise<string> {
  const id = `${provider}/${code}`;
  if ((await findCase(db, { noun: "dataset", case: id })) === undefined) {
    throw new ApiError("NO_SUCH_CASE", `There is no dataset ${id}.`);
  }
  return id;
}
