import { ensure } from "../../errors.js";
import type { Instant } from "../../identifiers.js";
import { addDays, dayOf } from "../../time/instant.js";
import { periodOf } from "../period.js";
import { checkLegalBasis } from "../policy/legal-basis.js";
import { by, commandsOf, standing } from "../table.js";
import {
  type ApplicationState,
  DeclineRenewal,
  type Grant,
  Renew,
  ReportUse,
  RequestRenewal,
  Resume,
  Review,
  Suspend,
} from "./application-schema.js";
import { checkFields, isWithin } from "./wish.js";

const command = commandsOf<ApplicationState>();

const MAX_SUSPENSIONS = 100;
const MAX_REPORTS = 1000;
const MAX_RENEWALS = 20;
/** A renewal is asked for on a report that reaches to at most so many days before. */
const REPORT_DAYS = 31;

/** What happens to a grant once it is there. */
export const using = {
  suspend: command({
    summary: "stop a grant at once, to be resumed by who stopped it",
    body: Suspend,
    from: ["granted"],
    to: ["suspended"],
    by: [...by("provider", "steward"), ...by("bureau", "steward", "administrator")],
    apply({ current, actor }) {
      const suspensions = current.times.suspensions + 1;
      ensure(suspensions <= MAX_SUSPENSIONS, "LIMIT_REACHED", "revoke it instead");
      const times = { ...current.times, suspensions };
      return { ...current, status: "suspended", suspendedBy: actor.department, times };
    },
  }),
  resume: command({
    summary: "let a suspended grant apply again",
    body: Resume,
    from: ["suspended"],
    to: ["granted"],
    by: [...by("provider", "steward"), ...by("bureau", "steward", "administrator")],
    apply({ current, actor }) {
      const { suspendedBy, ...rest } = current;
      ensure(suspendedBy === actor.department, "NOT_OWNER", `it was suspended by ${suspendedBy}`);
      return { ...rest, status: "granted" };
    },
  }),
  review: command({
    summary: "review an emergency grant: justified, or not, which ends it",
    body: Review,
    from: ["granted", "suspended", "revoked"],
    to: ["granted", "suspended", "revoked"],
    by: [...by("provider", "steward"), ...by("bureau", "steward", "administrator")],
    ends: ["emergencyReview"],
    apply(decision) {
      const { body, current } = decision;
      ensure(current.kind === "emergency", "MISMATCH", `the grant is ${current.kind}; only emergencies are reviewed`);
      ensure(current.review === undefined, "ALREADY_EXISTS", `it was reviewed already: ${current.review}`);
      const deadlines = decision.ending(current.deadlines, "emergencyReview");
      const status = body.outcome === "justified" ? current.status : "revoked";
      return { ...current, status, review: body.outcome, deadlines };
    },
  }),
  reportUse: command({
    summary: "report the use and its effect",
    body: ReportUse,
    from: ["granted", "suspended", "revoked"],
    to: ["granted", "suspended", "revoked"],
    by: by("consumer", "user"),
    apply({ body, current, time }) {
      const { from, to } = body;
      ensure(from <= to, "INVALID_INPUT", "the period ends before it begins");
      ensure(to <= dayOf(time), "TOO_EARLY", `use until ${to} cannot be reported on ${dayOf(time)}`);
      const grant = grantOf(current);
      const within = from >= dayOf(grant.from) && to <= dayOf(grant.to);
      ensure(within, "OUT_OF_SCOPE", `the grant holds from ${dayOf(grant.from)} to ${dayOf(grant.to)}`);
      const reports = current.times.reports + 1;
      ensure(reports <= MAX_REPORTS, "LIMIT_REACHED", `${MAX_REPORTS} reports were made`);
      const reported = current.reported !== undefined && current.reported > to ? current.reported : to;
      return { ...current, reported, times: { ...current.times, reports } };
    },
  }),
  requestRenewal: command({
    summary: "ask for a longer period; its use and effect have to be reported first",
    body: RequestRenewal,
    from: ["granted"],
    to: ["granted"],
    by: by("consumer", "user"),
    starts: ["renewalReply"],
    apply(decision) {
      const { body, current, time } = decision;
      const grant = grantOf(current);
      ensure(current.kind !== "emergency", "WRONG_STATE", "an emergency grant is not renewed; apply");
      ensure(current.renewal === undefined, "ALREADY_EXISTS", "a renewal is asked for already");
      checkNotOver(grant, time);
      const needed = addDays(dayOf(time), -REPORT_DAYS);
      ensure(
        current.reported !== undefined && current.reported >= needed,
        "NOT_REPORTED",
        `report the use and effect of this grant first, to ${needed} at least`,
      );
      const renewals = current.times.renewals + 1;
      ensure(renewals <= MAX_RENEWALS, "LIMIT_REACHED", `renewals were asked for ${MAX_RENEWALS} times; apply anew`);
      const { to } = periodOf(dayOf(time), body.to, time);
      ensure(to > grant.to, "MISMATCH", `the grant holds to ${grant.to} already`);
      const deadlines = decision.starting(current.deadlines, "renewalReply");
      const renewal = { to, frequency: body.frequency };
      return { ...current, renewal, deadlines, times: { ...current.times, renewals } };
    },
  }),
  renew: command({
    summary: "renew a grant within what was asked for",
    body: Renew,
    from: ["granted", "suspended"],
    to: ["granted", "suspended"],
    by: by("provider", "steward"),
    ends: ["renewalReply"],
    refers: ({ dataset }) => [standing("dataset", dataset)],
    apply(decision) {
      const { body, current, time, number } = decision;
      const { renewal, reported: _reported, ...rest } = current;
      const grant = grantOf(current);
      ensure(renewal !== undefined, "WRONG_STATE", "no renewal is asked for");
      ensure(body.dataset === current.dataset, "MISMATCH", `the grant is on ${current.dataset}, not ${body.dataset}`);
      checkNotOver(grant, time);
      checkFields(decision.get("dataset", body.dataset), body.dataset, grant.fields);
      const { to } = periodOf(dayOf(time), body.to, time);
      ensure(to > grant.to && to <= renewal.to, "OUT_OF_SCOPE", `asked for was a period to ${renewal.to}`);
      ensure(isWithin(body.frequency, renewal.frequency), "OUT_OF_SCOPE", "more calls than were asked for");
      const deadlines = decision.ending(current.deadlines, "renewalReply");
      return { ...rest, grant: { ...grant, to, frequency: body.frequency, act: number }, deadlines };
    },
  }),
  declineRenewal: command({
    summary: "decline a renewal with reasons and their basis in the register",
    body: DeclineRenewal,
    from: ["granted", "suspended"],
    to: ["granted", "suspended"],
    by: by("provider", "steward"),
    ends: ["renewalReply"],
    apply(decision) {
      const { body, current } = decision;
      const { renewal, ...rest } = current;
      ensure(renewal !== undefined, "WRONG_STATE", "no renewal is asked for");
      const basis = checkLegalBasis(decision.policy, body.basis);
      return { ...rest, refusal: { basis }, deadlines: decision.ending(current.deadlines, "renewalReply") };
    },
  }),
};

function grantOf(state: ApplicationState): Grant {
  ensure(state.grant !== undefined, "INTERNAL", "a granted application has a grant");
  return state.grant;
}

/** What has ended is not renewed: accesses since would be allowed afterwards. */
function checkNotOver(grant: Grant, now: Instant): void {
  ensure(now <= grant.to, "TOO_LATE", `the grant ended ${grant.to}; apply anew`);
}
