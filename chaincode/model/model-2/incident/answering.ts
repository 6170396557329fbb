import { ensure } from "../../errors.js";
import { by, commandsOf, standing } from "../../model-1/table.js";
import { endAll, isStalled, urging } from "../../model-1/urging.js";
import { OWED_BY_BUREAU_2 } from "../kinds.js";
import { codesOf } from "../member/people.js";
import type { MemberState } from "../member/people-schema.js";
import {
  AssignResponsibility,
  CloseIncident,
  ContestResponsibility,
  type IncidentState,
  RemedyIncident,
} from "./incident-schema.js";
import { INVESTIGATORS } from "./reporting.js";

const command = commandsOf<IncidentState>();

/** Who answers for an incident, and how it ends. */
export const answering = {
  assign: command({
    summary: "say who answers for it: at which stage, which department, officer and operator company",
    body: AssignResponsibility,
    from: ["investigating", "contested"],
    to: ["assigned"],
    by: INVESTIGATORS,
    starts: ["incidentRemedy"],
    ends: ["incidentInvestigation"],
    refers: ({ responsible }) => [standing("member", responsible)],
    when({ current, actor, policy }) {
      const mayDecide = current.status !== "contested" || actor.department === policy.bureau;
      ensure(mayDecide, "NOT_OWNER", "it was contested: the bureau decides");
    },
    apply(decision) {
      const { body, current } = decision;
      const { reasons: _reasons, ...responsibility } = body;
      const { responsible, company } = responsibility;
      const member = decision.get("member", responsible) as MemberState;
      const worksThere = company === undefined || codesOf(member).includes(company);
      ensure(worksThere, "MISMATCH", `${company} has not worked for ${responsible}`);
      const ended = decision.ending(current.deadlines, "incidentInvestigation");
      const deadlines = decision.starting(ended, "incidentRemedy");
      return { ...current, status: "assigned", responsible, responsibility, deadlines };
    },
  }),
  contest: command({
    summary: "contest the responsibility once: the bureau decides, and its word stands",
    body: ContestResponsibility,
    from: ["assigned"],
    to: ["contested"],
    by: by("responsible", "steward", "administrator"),
    starts: ["incidentInvestigation"],
    ends: ["incidentRemedy"],
    when: ({ current }) => ensure(current.contested === undefined, "LIMIT_REACHED", "it was contested once already"),
    apply(decision) {
      const { current } = decision;
      const ended = decision.ending(current.deadlines, "incidentRemedy");
      const deadlines = decision.starting(ended, "incidentInvestigation");
      return { ...current, status: "contested", contested: true, deadlines };
    },
  }),
  remedy: command({
    summary: "say what was done about it",
    body: RemedyIncident,
    from: ["assigned"],
    to: ["remedied"],
    by: by("responsible", "steward", "administrator"),
    starts: ["incidentClosing"],
    ends: ["incidentRemedy"],
    apply(decision) {
      const { current } = decision;
      const ended = decision.ending(current.deadlines, "incidentRemedy");
      return { ...current, status: "remedied", deadlines: decision.starting(ended, "incidentClosing") };
    },
  }),
  close: command({
    summary: "close it: remedied, or not; one whose remedy was urged and did not come is closed as not remedied",
    body: CloseIncident,
    from: ["assigned", "remedied"],
    to: ["closed"],
    by: by("bureau", "steward", "administrator"),
    ends: ["incidentRemedy", "incidentClosing"],
    when({ current, time, policy }) {
      const isOver = current.status === "remedied" || isStalled(current.deadlines, time, policy.calendar);
      ensure(isOver, "TOO_EARLY", "the remedy is not overdue yet, or has not been urged");
    },
    apply(decision) {
      const { body, current, time, policy } = decision;
      const { outcome } = body;
      const fits = current.status === "remedied" || outcome === "notRemedied";
      ensure(fits, "WRONG_STATE", "nobody has said what was done about it: it is not remedied");
      return { ...current, status: "closed", outcome, deadlines: endAll(current.deadlines, time, policy.calendar) };
    },
  }),
  urge: urging<IncidentState>(["assigned"], OWED_BY_BUREAU_2),
};
