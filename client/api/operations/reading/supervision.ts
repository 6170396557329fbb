import { DAY_PATTERN, type Day, TransactionId } from "@wanlian/model/identifiers.js";
import type { Model } from "@wanlian/model/kernel/model.js";
import type { Evaluation, EvaluationReading, Period } from "@wanlian/model/reading.js";
import { Type } from "typebox";
import { ApiError } from "../../../core/index.js";
import type { Db } from "../../../read/index.js";
import { type Operation, operation } from "../../operation.js";
import { evaluationOf, figureDifferences, usageDifferencesIn } from "../../reading/supervision.js";
import { anything, listOf } from "../../schemas.js";

const closed = { additionalProperties: false } as const;
const WholeDay = Type.String({ pattern: DAY_PATTERN });

/** What every node computes for itself: where two sides of a use differ, and what a period comes to. */
export function supervisionOperations(model: Model): Operation[] {
  const { evaluations, usageDifferences } = model.reading;
  return [
    ...(usageDifferences === undefined ? [] : [listUsageDifferences]),
    ...(evaluations === undefined ? [] : [computeEvaluation(model, evaluations), checkEvaluation(model, evaluations)]),
  ];
}

const listUsageDifferences = operation({
  id: "listUsageDifferences",
  tag: "usage",
  method: "get",
  route: "/usage-differences",
  summary: {
    zh: "提供部门与使用部门填报不一致的用数",
    en: "Use whose provider and consumer state different figures",
  },
  query: Type.Object(
    { month: Type.Optional(Type.String({ pattern: "^20[0-9]{2}-[01][0-9]$", description: "Default: all months" })) },
    closed,
  ),
  answers: { 200: listOf(anything("UsageDifference"), "By month, dataset and consumer") },
  handle: async ({ db, services, query: { month } }) => ({
    status: 200,
    body: { items: await usageDifferencesIn(db, services.model().reading, month) },
  }),
});

function computeEvaluation(model: Model, evaluations: EvaluationReading): Operation {
  return operation({
    id: "computeEvaluation",
    tag: "evaluation",
    method: "get",
    route: "/indicators",
    summary: {
      zh: "本节点按账本计算的各部门指标、逾期清单，及公布时的内容和摘要",
      en: "Each department's indicators by this node's own ledger, what is overdue, and what publishing it would say",
    },
    query: Type.Object({ from: WholeDay, to: WholeDay }, closed),
    answers: { 200: anything("Computed figures, with the digest under which they would stand") },
    handle: async ({ db, query }) => {
      const computed = await evaluated(db, model, query as unknown as Period);
      return {
        status: 200,
        body: {
          ...shown(evaluations, computed),
          body: evaluations.published(computed),
          items: itemsOf(evaluations, computed),
        },
      };
    },
  });
}

function checkEvaluation(model: Model, evaluations: EvaluationReading): Operation {
  return operation({
    id: "checkEvaluation",
    tag: "evaluation",
    method: "get",
    route: "/evaluations/{case}/check",
    summary: {
      zh: "以本节点的计算核对已公布的督查评价，逐项列出不同之处",
      en: "A published evaluation against this node's own computation, figure by figure",
    },
    path: Type.Object({ case: TransactionId }, closed),
    answers: { 200: anything("Whether they are the same, and which figures are not") },
    handle: async ({ db, path: { case: id } }) => {
      const act = await db
        .selectFrom("acts")
        .select("body")
        .where("noun", "=", "evaluation")
        .where("case_id", "=", id)
        .where("type", "=", "publish")
        .where("counted", "=", 1)
        .executeTakeFirst();
      if (act === undefined) throw new ApiError("NO_SUCH_CASE", `There is no evaluation ${id}.`);
      const published = JSON.parse(act.body) as Period & Pick<Evaluation, "figures"> & { readonly overdue: number };
      const computed = await evaluated(db, model, { from: published.from, to: published.to });
      const items = figureDifferences(evaluations.indicators, published, computed);
      const same = items.length === 0 && published.overdue === computed.overdue.length;
      return {
        status: 200,
        body: { ...shown(evaluations, computed), same, publishedOverdue: published.overdue, items },
      };
    },
  });
}

async function evaluated(db: Db, { reading }: Model, { from, to }: Period): Promise<Evaluation> {
  const computed = await evaluationOf(db, reading, { from: from as Day, to: to as Day });
  if (computed === undefined)
    throw new ApiError("NO_SUCH_ENTRY", "There is no policy yet by which a period could be judged.");
  return computed;
}

const shown = (evaluations: EvaluationReading, computed: Evaluation) => ({
  ...{ from: computed.from, to: computed.to, digest: evaluations.digest(computed), overdue: computed.overdue },
});

/** One row a department and indicator. */
const itemsOf = ({ indicators }: EvaluationReading, { figures }: Evaluation) =>
  figures.flatMap(({ department, met, total }) =>
    indicators.map((indicator, at) => ({ department, indicator, met: met[at] ?? 0, total: total[at] ?? 0 })),
  );
