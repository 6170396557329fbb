import type { MandateRead, MotionRead, Reading } from "../reading.js";
import { type ApplicationState, grantHolds } from "./application/application-schema.js";
import { quotaStart, refusalOfUse, type UseCases } from "./application/coverage.js";
import { TICK_SECONDS } from "./clock/clock.js";
import { type ConsortiumState, rosterOf, votersOf } from "./consortium/consortium.js";
import { currentDeadline, OWED_BY_BUREAU } from "./deadlines.js";
import type { AnchorLog, LogState } from "./log/log.js";
import { type MandateState, mandateCovers, mandateHolds } from "./mandate/mandate.js";
import { isOpenObjection, type ObjectionState } from "./objection/objection-schema.js";
import { policyAt, requiredEndorsers } from "./policy/policy-in-force.js";
import type { PolicyState } from "./policy/policy-schema.js";
import type { RegisterRelease, ReleaseState } from "./release/release-schema.js";

/** Version 1 reads what only it has made; so a state is what its noun's schema says. */
export const reading1: Reading = {
  tickSeconds: TICK_SECONDS,
  owedByBureau: OWED_BY_BUREAU,
  policy: (policy, time) => policyAt(policy as PolicyState, time),
  requiredEndorsers,
  roster: (consortium, policy) => rosterOf(consortium as ConsortiumState | undefined, (policy as PolicyState).founders),
  motions: (consortium) => motionsRead(consortium as ConsortiumState),
  dateNow: (date, policy) => currentDeadline(date, (policy as PolicyState | undefined)?.calendar ?? []),
  application: (application) => application as ApplicationState,
  grantHolds: (application, at) => grantHolds(application as ApplicationState, at),
  quotaStart,
  mayUse: (roles) => roles.includes("user"),
  refusalOfUse: (use, cases, moment) => refusalOfUse(use, cases as UseCases, moment),
  openOn: (objection) =>
    isOpenObjection(objection as ObjectionState) ? (objection as ObjectionState).release : undefined,
  mandate: (mandate) => mandateRead(mandate as MandateState),
  log: (log) => log as LogState,
  anchor: (body) => body as AnchorLog,
  release: (release) => release as ReleaseState,
  // There are no assessments yet.
  mayHaveReport: () => false,
  exchangeAddress: () => undefined,
  fieldDigests: (body) => (body as RegisterRelease).fields,
};

const motionsRead = (consortium: ConsortiumState): MotionRead[] =>
  consortium.motions.map(({ votes, ...motion }) => ({
    ...motion,
    inFavour: votersOf(consortium, { ...motion, votes }, "inFavour"),
    against: votersOf(consortium, { ...motion, votes }, "against"),
  }));

const mandateRead = (mandate: MandateState): MandateRead => ({
  isAudit: mandate.kind === "audit",
  principal: mandate.principal,
  department: mandate.department,
  officer: mandate.officer,
  departments: mandate.departments,
  holds: (at) => mandateHolds(mandate, at),
  covers: (dataset) => mandateCovers(mandate, dataset),
});
