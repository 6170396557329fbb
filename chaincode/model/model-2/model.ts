import type { Model } from "../kernel/model.js";
import { model1 } from "../model-1/model.js";
import { isMachine } from "../roles.js";
import { application } from "./application/application.js";
import { isForComparisonAlone } from "./application/comparison-alone.js";
import { asIfNamed, classOf, coversClass } from "./application/of-class.js";
import { isShownInPart } from "./application/shown.js";
import { assessment } from "./assessment/assessment.js";
import { mayHaveReport } from "./assessment/report-readers.js";
import { bars } from "./bars.js";
import { dataset } from "./dataset/dataset.js";
import { evaluation } from "./evaluation/evaluation.js";
import { evaluationReading } from "./evaluation/evaluation-reading.js";
import { incident } from "./incident/incident.js";
import { OWED_BY_BUREAU_2 } from "./kinds.js";
import { exchangeAddress } from "./member/exchange-address.js";
import { member } from "./member/member.js";
import { companyOf } from "./member/people.js";
import type { MemberState } from "./member/people-schema.js";
import { refusalOfPeople } from "./member/refusal-of-people.js";
import { policy } from "./policy/policy.js";
import { product } from "./product/product.js";
import { release } from "./release/release.js";
import type {} from "./states.js";
import { usageDifferences } from "./usage/differences.js";
import { usageTotals } from "./usage/totals.js";
import { usage } from "./usage/usage.js";

const NOUNS = {
  ...model1.nouns,
  ...{ policy, member, dataset, release, application, assessment, product, incident, usage, evaluation },
};

/** The second version of the rules: quality is stated on the ledger, can be asked of releases, and compared without data. */
export const model2: Model = {
  ...model1,
  version: 2,
  nouns: NOUNS,
  takes: (actor) => (isMachine(actor.roles) ? { ...actor, roles: ["machine"] } : actor),
  bars,
  reading: {
    ...model1.reading,
    owedByBureau: OWED_BY_BUREAU_2,
    mayHaveReport,
    exchangeAddress,
    isDismissed: (member, officer, at) => companyOf(member as MemberState, officer, at)?.works === false,
    usageDifferences,
    usageTotals,
    evaluations: evaluationReading(NOUNS),
    mayUse: (roles) => isMachine(roles) || roles.includes("user"),
    coversClass,
    refusalOfUse(use, cases, moment) {
      const application = asIfNamed(cases.application, use.dataset, cases.dataset);
      const refusal = model1.reading.refusalOfUse(use, { ...cases, application }, moment);
      if (refusal === "WRONG_DATASET" && classOf(application) !== undefined) return "OUTSIDE_CLASS";
      const refusalOf = refusal ?? refusalOfPeople(use, cases.member as MemberState, moment.time);
      if (refusalOf !== undefined) return refusalOf;
      const takesWhole = use.way === "download" || use.way === "comparison";
      if (takesWhole && isShownInPart(cases.application)) return "SHOWN_IN_PART";
      if (use.way === "comparison") return undefined;
      return isForComparisonAlone(cases.application) ? "COMPARISON_ONLY" : undefined;
    },
  },
};
