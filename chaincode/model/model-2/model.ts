import type { Model } from "../kernel/model.js";
import { model1 } from "../model-1/model.js";
import { assessment } from "./assessment/assessment.js";
import { mayHaveReport } from "./assessment/report-readers.js";
import { dataset } from "./dataset/dataset.js";
import { policy } from "./policy/policy.js";
import { release } from "./release/release.js";

/** The second version of the rules: quality is stated on the ledger, and can be asked of releases. */
export const model2: Model = {
  ...model1,
  version: 2,
  nouns: { ...model1.nouns, policy, dataset, release, assessment },
  reading: { ...model1.reading, mayHaveReport },
};
