import type { Instant } from "../../identifiers.js";
import type { GrantRefusal, Use, UseMoment } from "../../reading.js";
import { dayOf, startOfDay } from "../../time/instant.js";
import { type MandateState, mandateCovers, mandateHolds } from "../mandate/mandate.js";
import type { MemberState } from "../member/member.js";
import type { ReleaseState } from "../release/release-schema.js";
import { type ApplicationState, type Grant, grantHolds } from "./application-schema.js";

/** The cases that decide, as they stood at that place of the ledger; undefined: there was no such case. */
export interface UseCases {
  readonly application: ApplicationState | undefined;
  readonly release: ReleaseState | undefined;
  /** The consumer's membership. */
  readonly member: MemberState | undefined;
  /** The one that the use cites; undefined where it cites none. */
  readonly mandate: MandateState | undefined;
}

/**
 * Whether a grant covers a use: the one rule, which the provider asks before data goes out, and the consumer, an
 * auditor and the verifier of evidence ask of what went out. Undefined: it does.
 */
export function refusalOfUse(use: Use, cases: UseCases, moment: UseMoment): GrantRefusal | undefined {
  return (
    refusalOfMember(use, cases.member, moment.time) ??
    refusalOfGrant(use, cases.application, moment) ??
    refusalOfRelease(use, cases.release) ??
    refusalOfMandate(use, cases, moment.time)
  );
}

/** From when on calls count against a grant's quota, at an instant: its day or month (China Standard Time), or all. */
export function quotaStart({ frequency, from }: Pick<Grant, "frequency" | "from">, at: Instant): Instant {
  if (frequency.per === "total") return from;
  const day = dayOf(at);
  return startOfDay((frequency.per === "day" ? day : `${day.slice(0, 7)}-01`) as typeof day);
}

function refusalOfMember({ operator }: Use, member: MemberState | undefined, at: Instant): GrantRefusal | undefined {
  if (member?.status !== "active") return "NOT_A_MEMBER";
  if (operator === undefined) return undefined;
  const engaged = member.operators.some(
    ({ code, name, from, to }) => (code === operator || name === operator) && from <= at && at < to,
  );
  return engaged ? undefined : "OPERATOR_NOT_ENGAGED";
}

function refusalOfGrant(
  use: Use,
  application: ApplicationState | undefined,
  { time, calls }: UseMoment,
): GrantRefusal | undefined {
  if (application === undefined) return "UNKNOWN_GRANT";
  if (application.consumer !== use.consumer) return "WRONG_CONSUMER";
  if (application.provider !== use.provider) return "WRONG_PROVIDER";
  if (application.dataset !== use.dataset) return "WRONG_DATASET";
  if (application.status === "suspended") return "GRANT_SUSPENDED";
  if (application.status === "revoked") return "GRANT_REVOKED";
  const { grant } = application;
  if (grant === undefined || application.status !== "granted") return "GRANT_NOT_GIVEN";
  if (time < grant.from) return "GRANT_NOT_YET";
  if (!grantHolds(application, time)) return "GRANT_EXPIRED";
  if (!use.fields.every((field) => grant.fields.includes(field))) return "FIELD_NOT_GRANTED";
  if (application.purpose !== use.purpose) return "WRONG_PURPOSE";
  // 比对: whether what one has is so, with no data handed over.
  if (use.way === "comparison" && use.purpose !== "verification") return "WRONG_PURPOSE";
  if (application.scenario !== use.scenario) return "WRONG_SCENARIO";
  return calls !== undefined && calls >= grant.frequency.calls ? "QUOTA_EXCEEDED" : undefined;
}

function refusalOfRelease({ dataset, fields }: Use, release: ReleaseState | undefined): GrantRefusal | undefined {
  if (release === undefined || release.dataset !== dataset) return "UNKNOWN_RELEASE";
  if (release.status !== "registered") return "RELEASE_WITHDRAWN";
  // The catalogue may have gained fields since: a release has those of its own version.
  return fields.every((field) => release.fields.includes(field)) ? undefined : "FIELD_NOT_GRANTED";
}

/** A derived right shows principal and mandate at every use, and ends with the mandate. */
function refusalOfMandate(use: Use, { application, mandate }: UseCases, at: Instant): GrantRefusal | undefined {
  if (application?.mandate !== use.mandate || application?.principal !== use.principal) return "WRONG_MANDATE";
  if (use.mandate === undefined) return undefined;
  const derived =
    mandate?.kind === "proxy" && mandate.department === use.consumer && mandate.principal === use.principal;
  if (!derived || !mandateCovers(mandate, use.dataset)) return "WRONG_MANDATE";
  if (!mandate.purposes.some((purpose) => purpose === use.purpose)) return "WRONG_MANDATE";
  return mandateHolds(mandate, at) ? undefined : "MANDATE_ENDED";
}
