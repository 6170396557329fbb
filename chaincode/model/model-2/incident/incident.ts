import type { CaseRef } from "../../model-1/table.js";
import { defineNoun, type Relation } from "../../model-1/table.js";
import { answering } from "./answering.js";
import { INCIDENT_STATUSES, IncidentState } from "./incident-schema.js";
import { reporting } from "./reporting.js";

/** In the order in which one department is named, where it is several things to an incident. */
const RELATIONS = ["provider", "responsible", "concerned", "author"] as const;

/**
 * 安全事件: something went wrong with data or its use; it is looked into, followed to who answers for it, remedied and
 * closed (requirements R8). What stops the use at once are acts in the cases that every access is checked against: a
 * grant's `suspend`, a member's `restrain`.
 */
export const incident = defineNoun<IncidentState>({
  name: "incident",
  title: { zh: "安全事件", en: "incident" },
  identity: "transaction",
  statuses: INCIDENT_STATUSES,
  state: IncidentState,
  fixed: ["kind", "severity", "concerned", "dataset", "grant", "author", "officer", "provider"],
  commands: { ...reporting, ...answering },
  relations: ({ state, actor }): Relation[] =>
    RELATIONS.filter((relation) => state !== undefined && state[relation] === actor.department),
  describe: (_ref, state) => ({
    status: state.status,
    parties: RELATIONS.flatMap((relation) => {
      const department = state[relation];
      return department === undefined ? [] : [{ department, relation }];
    }),
    deadlines: state.deadlines.map((deadline) => ({
      ...deadline,
      owner: deadline.kind === "incidentRemedy" ? "responsible" : "bureau",
    })),
    references: references(state),
  }),
});

function references({ dataset, grant }: IncidentState): CaseRef[] {
  return [
    ...(dataset === undefined ? [] : [{ noun: "dataset", case: dataset } as const]),
    ...(grant === undefined ? [] : [{ noun: "application", case: grant } as const]),
  ];
}
