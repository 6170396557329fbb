import type { Static } from "typebox";
import { ensure } from "../../errors.js";
import { type DatasetId, providerOf } from "../../identifiers.js";
import type { DatasetState } from "../dataset/dataset-schema.js";
import type { Decision } from "../decision.js";
import { periodOf } from "../period.js";
import type { ApplicationState, Claim, Frequency as FrequencySchema } from "./application-schema.js";

type Wish = Static<typeof Claim>;
type Frequency = Static<typeof FrequencySchema>;

const NO_TIMES = { questions: 0, notReceived: 0, suspensions: 0, reports: 0, renewals: 0 };

/** What applications of all kinds have in common. @throws LedgerError where the dataset is not to be had like this */
export function begin(
  decision: Decision<ApplicationState, Wish>,
  kind: ApplicationState["kind"],
  shareClass: DatasetState["share"]["class"],
): Omit<ApplicationState, "status"> {
  const { actor, time, policy } = decision;
  const { dataset, fields, purpose, scenario, frequency, from, to } = decision.body;
  const provider = providerOf(dataset);
  ensure(provider !== actor.department, "INVALID_INPUT", `${dataset} is ${provider}'s own; it needs no grant`);
  ensure(policy.purposes.includes(purpose), "OUT_OF_SCOPE", `the policy in force has no purpose "${purpose}"`);
  const entry = decision.get("dataset", dataset);
  checkFields(entry, dataset, fields);
  ensure(
    entry.share.class === shareClass,
    "WRONG_STATE",
    entry.share.class === "unconditional"
      ? `${dataset} is shared unconditionally; claim it instead`
      : `${dataset} is shared on conditions; apply for it instead`,
  );
  return {
    kind,
    dataset,
    provider,
    consumer: actor.department,
    applicant: actor.officer,
    purpose,
    scenario,
    wish: { fields, ...periodOf(from, to, time), frequency },
    times: NO_TIMES,
    deadlines: [],
  };
}

/** A grant covers fields that the catalogue has now, and shares. */
export function checkFields(entry: DatasetState, dataset: DatasetId, fields: readonly string[]): void {
  ensure(entry.status === "registered", "WRONG_STATE", `${dataset} is "${entry.status}"`);
  ensure(entry.share.class !== "withheld", "NOT_SHARED", `${dataset} is withheld by ${entry.share.basis}`);
  const unknown = fields.find((name) => !entry.fields.includes(name));
  ensure(unknown === undefined, "MISMATCH", `${dataset} has no field "${unknown}"`);
}

/** Whether one frequency allows no more than another, compared over the same unit only. */
export const isWithin = (asked: Frequency, limit: Frequency): boolean =>
  asked.per === limit.per && asked.calls <= limit.calls;
