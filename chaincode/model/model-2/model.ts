import type { Model } from "../kernel/model.js";
import { model1 } from "../model-1/model.js";
import { application } from "./application/application.js";
import { isForComparisonAlone } from "./application/comparison-alone.js";
import { assessment } from "./assessment/assessment.js";
import { mayHaveReport } from "./assessment/report-readers.js";
import { dataset } from "./dataset/dataset.js";
import { policy } from "./policy/policy.js";
import { product } from "./product/product.js";
import { release } from "./release/release.js";

/** The second version of the rules: quality is stated on the ledger, can be asked of releases, and compared without data. */
export const model2: Model = {
  ...model1,
  version: 2,
  nouns: { ...model1.nouns, policy, dataset, release, application, assessment, product },
  reading: {
    ...model1.reading,
    mayHaveReport,
    refusalOfUse(use, cases, moment) {
      const refusal = model1.reading.refusalOfUse(use, cases, moment);
      if (refusal !== undefined || use.way === "comparison") return refusal;
      return isForComparisonAlone(cases.application) ? "COMPARISON_ONLY" : undefined;
    },
  },
};
