import { ensure } from "../../errors.js";
import { type MspId, providerOf } from "../../identifiers.js";
import type { Decision } from "../../model-1/decision.js";
import { begunAs, by, commandsOf, NONE } from "../../model-1/table.js";
import { type IncidentState, InvestigateIncident, RejectIncident, ReportIncident } from "./incident-schema.js";

const command = commandsOf<IncidentState>();
/** The bureau supervises; a provider looks into what happened to its own data. */
export const INVESTIGATORS = [
  ...by("bureau", "steward", "administrator"),
  ...by("provider", "steward", "administrator"),
];

/** From a report to somebody who looks into it. */
export const reporting = {
  report: command({
    summary: "report an incident: what happened, about whom, with which data",
    body: ReportIncident,
    from: [NONE],
    to: ["reported"],
    by: by("member", "steward", "user", "auditor", "administrator"),
    starts: ["incidentInvestigation"],
    // Whom it is about cannot keep it off the ledger by moving a case of its own: none is read as it stands.
    refers: ({ grant }) => (grant === undefined ? [] : [begunAs("application", grant)]),
    apply(decision) {
      const { body, actor, time } = decision;
      const { noticed, account: _account, evidence: _evidence, ...known } = body;
      ensure(noticed <= time, "INVALID_INPUT", `it cannot have been noticed ${noticed}: it is ${time}`);
      checkGrant(decision);
      const provider = providerIn(body);
      return {
        status: "reported",
        ...known,
        author: actor.department,
        officer: actor.officer,
        ...(provider === undefined ? {} : { provider }),
        deadlines: decision.starting([], "incidentInvestigation"),
      };
    },
  }),
  investigate: command({
    summary: "take up the investigation; its deadline runs from the report and is not moved",
    body: InvestigateIncident,
    from: ["reported"],
    to: ["investigating"],
    by: INVESTIGATORS,
    apply: ({ current }) => ({ ...current, status: "investigating" }),
  }),
  reject: command({
    summary: "say, with reasons, that what was reported is no incident; the report stays",
    body: RejectIncident,
    from: ["reported", "investigating"],
    to: ["rejected"],
    by: INVESTIGATORS,
    ends: ["incidentInvestigation"],
    apply(decision) {
      const { current } = decision;
      return { ...current, status: "rejected", deadlines: decision.ending(current.deadlines, "incidentInvestigation") };
    },
  }),
};

/** A provider does not investigate itself. */
function providerIn({ dataset, concerned }: ReportIncident): MspId | undefined {
  const provider = dataset === undefined ? undefined : providerOf(dataset);
  return provider === concerned ? undefined : provider;
}

/** A grant is cited for whose it is and on what. */
function checkGrant(decision: Decision<IncidentState, ReportIncident>): void {
  const { grant, dataset, concerned } = decision.body;
  if (grant === undefined) return;
  const cited = decision.origin("application", grant);
  ensure(dataset === cited.dataset, "MISMATCH", `grant ${grant} is on ${cited.dataset}; name that dataset`);
  const isParty = concerned === undefined || concerned === cited.consumer || concerned === cited.provider;
  ensure(isParty, "MISMATCH", `grant ${grant} is between ${cited.provider} and ${cited.consumer}`);
}
