import type { CaseRef } from "../table.js";
import { defineNoun, named } from "../table.js";
import { APPLICATION_STATUSES, ApplicationState } from "./application-schema.js";
import { asking } from "./asking.js";
import { ending } from "./ending.js";
import { replying } from "./replying.js";
import { using } from "./using.js";

/** 申请与授权: an application and the grant that comes of it (requirements R3). */
export const application = defineNoun<ApplicationState>({
  name: "application",
  title: { zh: "申请与授权", en: "application" },
  identity: "transaction",
  statuses: APPLICATION_STATUSES,
  state: ApplicationState,
  fixed: [
    "kind",
    "dataset",
    "provider",
    "consumer",
    "applicant",
    "purpose",
    "scenario",
    "wish",
    "principal",
    "mandate",
  ],
  commands: { ...asking, ...replying, ...using, ...ending },
  relations: named("provider", "consumer"),
  describe: (_ref, state) => ({
    status: state.status,
    parties: [
      { department: state.provider, relation: "provider" },
      { department: state.consumer, relation: "consumer" },
      ...(state.principal === undefined ? [] : [{ department: state.principal, relation: "principal" } as const]),
    ],
    deadlines: state.deadlines.map((deadline) => ({
      ...deadline,
      owner: deadline.kind === "supplement" ? "consumer" : "provider",
    })),
    references: references(state),
    searchText: state.scenario,
    ...(state.grant === undefined ? {} : { expires: state.grant.to }),
  }),
});

function references(state: ApplicationState): CaseRef[] {
  const dataset: CaseRef = { noun: "dataset", case: state.dataset };
  return state.mandate === undefined ? [dataset] : [dataset, { noun: "mandate", case: state.mandate }];
}
