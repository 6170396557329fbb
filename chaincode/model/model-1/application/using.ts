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
    when({ current }) {
      ensure(current.times.suspensions < MAX_SUSPENSIONS, "LIMIT_REACHED", "revoke it instead");
    },
    apply({ current, actor }) {
      const times = { ...current.times, suspensions: current.times.suspensions + 1 };
      return { ...current, status: "suspended", suspendedBy: actor.department, times };
    },
  }),
  resume: command({
    summary: "let a suspended grant apply again",
    body: Resume,
    from: ["suspended"],
    to: ["granted"],
    by: [...by("provider", "steward"), ...by("bureau", "steward", "administrator")],
    when({ current: { suspendedBy }, actor }) {
      ensure(suspendedBy === actor.department, "NOT_OWNER", `it was suspended by ${suspendedBy}`);
    },
    apply({ current }) {
      const { suspendedBy: _suspendedBy, ...rest } = current;
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
    when({ current: { kind, review } }) {
      ensure(kind === "emergency", "MISMATCH", `the grant is ${kind}; only emergencies are reviewed`);
      ensure(review === undefined, "ALREADY_EXISTS", `it was reviewed already: ${review}`);
    },
    apply(decision) {
      const { body, current } = decision;
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
    when({ current, time }) {
      ensure(current.times.reports < MAX_REPORTS, "LIMIT_REACHED", `${MAX_REPORTS} reports were made`);
      const { from } = grantOf(current);
      ensure(dayOf(from) <= dayOf(time), "TOO_EARLY", `the grant holds from ${dayOf(from)}`);
    },
    apply({ body, current, time }) {
      const { from, to } = body;
      ensure(from <= to, "INVALID_INPUT", "the period ends before it begins");
      ensure(to <= dayOf(time), "TOO_EARLY", `use until ${to} cannot be reported on ${dayOf(time)}`);
      const grant = grantOf(current);
      const within = from >= dayOf(grant.from) && to <= dayOf(grant.to);
      ensure(within, "OUT_OF_SCOPE", `the grant holds from ${dayOf(grant.from)} to ${dayOf(grant.to)}`);
      const reports = current.times.reports + 1;
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
    when({ current, time }) {
      ensure(current.kind !== "emergency", "WRONG_STATE", "an emergency grant is not renewed; apply");
      ensure(current.renewal === undefined, "ALREADY_EXISTS", "a renewal is asked for already");
      checkNotOver(grantOf(current), time);
      const needed = addDays(dayOf(time), -REPORT_DAYS);
      ensure(
        current.reported !== undefined && current.reported >= needed,
        "NOT_REPORTED",
        `report the use and effect of this grant first, to ${needed} at least`,
      );
      const { renewals } = current.times;
      ensure(renewals < MAX_RENEWALS, "LIMIT_REACHED", `renewals were asked for ${MAX_RENEWALS} times; apply anew`);
    },
    apply(decision) {
      const { body, current, time } = decision;
      const grant = grantOf(current);
      const renewals = current.times.renewals + 1;
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
    when({ current, time }) {
      askedRenewal(current);
      checkNotOver(grantOf(current), time);
    },
    apply(decision) {
      const { body, current, time, number } = decision;
      const { renewal: _renewal, reported: _reported, ...rest } = current;
      const renewal = askedRenewal(current);
      const grant = grantOf(current);
      ensure(body.dataset === current.dataset, "MISMATCH", `the grant is on ${current.dataset}, not ${body.dataset}`);
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
    when: ({ current }) => void askedRenewal(current),
    apply(decision) {
      const { body, current } = decision;
      const { renewal: _renewal, ...rest } = current;
      const basis = checkLegalBasis(decision.policy, body.basis);
      return { ...rest, refusal: { basis }, deadlines: decision.ending(current.deadlines, "renewalReply") };
    },
  }),
};

function grantOf(state: ApplicationState): Grant {
  ensure(state.grant !== undefined, "INTERNAL", "a granted application has a grant");
  return state.grant;
}

function askedRenewal({ renewal }: ApplicationState): NonNullable<ApplicationState["renewal"]> {
  ensure(renewal !== undefined, "WRONG_STATE", "no renewal is asked for");
  return renewal;
}

/** What has ended is not renewed: accesses since would be allowed afterwards. */
function checkNotOver(grant: Grant, now: Instant): void {
  ensure(now <= grant.to, "TOO_LATE", `the grant ended ${grant.to}; apply anew`);
}
