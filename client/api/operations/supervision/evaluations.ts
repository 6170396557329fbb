import { Day, MspId, TransactionId } from "@wanlian/model/identifiers.js";
import type { Model } from "@wanlian/model/kernel/model.js";
import type { Evaluation, EvaluationReading, Period } from "@wanlian/model/reading.js";
import { type Static, Type } from "typebox";
import { ApiError } from "../../../core/index.js";
import { writePdf } from "../../../pdf/index.js";
import type { Db } from "../../../read/index.js";
import {
  evaluationOf,
  figureDifferences,
  figuresOf,
  type SupervisionReport as MadeReport,
  printedReport,
  supervisionReport,
  usageDifferencesIn,
} from "../../../supervision/index.js";
import { file } from "../../answers/answer.js";
import {
  CheckedEvaluation,
  ComputedEvaluation,
  SupervisionReport,
  UsageDifference,
} from "../../answers/supervision.js";
import { type Operation, operation } from "../../operation.js";
import { listOf } from "../../schemas.js";
import { cityUseOperations } from "./city-use.js";

const closed = { additionalProperties: false } as const;
const PeriodQuery = { from: Day, to: Day };
const ReportQuery = Type.Object({ ...PeriodQuery, department: Type.Optional(MspId) }, closed);

/** What every node computes for itself: where two sides of a use differ, and what a period comes to. */
export function supervisionOperations(model: Model): Operation[] {
  const { evaluations, usageDifferences, usageTotals } = model.reading;
  return [
    ...(usageDifferences === undefined ? [] : [listUsageDifferences]),
    ...(usageTotals === undefined ? [] : cityUseOperations),
    ...(evaluations === undefined
      ? []
      : [
          computeEvaluation(model, evaluations),
          checkEvaluation(model, evaluations),
          report(model),
          reportAsPdf(model),
        ]),
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
  answers: { 200: listOf(UsageDifference, "By month, dataset and consumer") },
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
    query: Type.Object(PeriodQuery, closed),
    answers: { 200: ComputedEvaluation },
    handle: async ({ db, query }) => {
      const computed = await evaluated(db, model, query);
      return {
        status: 200,
        body: {
          ...shown(evaluations, computed),
          body: evaluations.published(computed),
          items: figuresOf(evaluations.indicators, computed),
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
    answers: { 200: CheckedEvaluation },
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

function report(model: Model): Operation {
  return operation({
    id: "supervisionReport",
    tag: "evaluation",
    method: "get",
    route: "/supervision-report",
    summary: {
      zh: "一段期间的督查报告：全市或一个部门的指标、逾期清单，以及公布情况和各部门意见",
      en: "The report of a period, of the city or a department: indicators, what is overdue, what was published and what is said of it",
    },
    query: ReportQuery,
    answers: { 200: SupervisionReport },
    handle: async ({ db, query }) => ({ status: 200, body: { ...(await reportOf(db, model, query)) } }),
  });
}

function reportAsPdf(model: Model): Operation {
  return operation({
    id: "supervisionReportAsPdf",
    tag: "evaluation",
    method: "get",
    route: "/supervision-report/pdf",
    media: "application/pdf",
    summary: {
      zh: "同一份督查报告，供打印、存档（PDF）",
      en: "The same report, to print and to file (PDF)",
    },
    query: ReportQuery,
    answers: { 200: file("A PDF file") },
    handle: async ({ db, services, query, language }) => {
      const made = await reportOf(db, model, query);
      const printing = { node: services.department, time: services.now() ?? NO_TIME, language };
      const file = `supervision-${query.from}-${query.to}${query.department === undefined ? "" : `-${query.department}`}.pdf`;
      return {
        status: 200,
        headers: { "Content-Disposition": `attachment; filename="${file.replaceAll(/[^\w.-]/g, "_")}"` },
        bytes: await writePdf(printedReport(made, printing)),
      };
    },
  });
}

/** Of a ledger whose clock has not begun: nothing can be evaluated on it, so it is not seen. */
const NO_TIME = "1970-01-01T00:00:00Z";

async function reportOf(db: Db, { reading }: Model, query: Static<typeof ReportQuery>): Promise<MadeReport> {
  if (query.from > query.to) throw new ApiError("BAD_REQUEST", "The period ends before it begins.");
  const made = await supervisionReport(db, reading, query);
  if (made === undefined) throw nobodysPeriod();
  const { department } = query;
  if (department !== undefined && made.departments.every((one) => one.department !== department))
    throw new ApiError("NO_SUCH_CASE", `${department} was no member by the end of the period.`);
  return made;
}

async function evaluated(db: Db, { reading }: Model, period: Period): Promise<Evaluation> {
  const computed = await evaluationOf(db, reading, period);
  if (computed === undefined) throw nobodysPeriod();
  return computed;
}

const nobodysPeriod = () => new ApiError("NO_SUCH_ENTRY", "There is no policy yet by which a period could be judged.");

const shown = (evaluations: EvaluationReading, computed: Evaluation) => ({
  ...{ from: computed.from, to: computed.to, digest: evaluations.digest(computed), overdue: computed.overdue },
});
