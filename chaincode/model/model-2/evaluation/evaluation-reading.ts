import type { NounDefinition } from "../../kernel/noun.js";
import type { Evaluation, EvaluationReading } from "../../reading.js";
import { evaluationDigest } from "./evaluation.js";
import type { PublishEvaluation } from "./evaluation-schema.js";
import { INDICATORS, PeriodEvaluator } from "./indicators.js";

/** Evaluations by the tables of a version. */
export const evaluationReading = (nouns: Readonly<Record<string, NounDefinition>>): EvaluationReading => ({
  indicators: INDICATORS,
  of: (period) =>
    new PeriodEvaluator(period, (act) =>
      nouns[act.noun]?.describe({ noun: act.noun, case: act.case }, act.state, act.body),
    ),
  published: (evaluation) => ({ ...published(evaluation) }),
  digest: (evaluation) => evaluationDigest(published(evaluation)),
});

const published = ({ from, to, indicators, figures, overdue }: Evaluation): PublishEvaluation => ({
  ...{ from, to, indicators, figures },
  overdue: overdue.length,
});
