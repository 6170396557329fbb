import { type Static, Type } from "typebox";
import { Instant } from "../identifiers.js";
import { deadlineAfter } from "../time/working-days.js";
import type { PolicyInForce } from "./policy/policy-in-force.js";

/** What can be due. How many working days, and by which article, is the policy's (requirements R10). */
export const DEADLINE_KINDS = [
  /** 有条件共享: the provider's reply to an application. */
  "applicationReply",
  /** 整体授权, 同等代理授权: completion of the authorization. */
  "derivedAuthorization",
  /** 应急绿色通道: the review that follows an emergency grant. */
  "emergencyReview",
  /** The provider's answer to a wish to renew. */
  "renewalReply",
  /** 异议核查: the provider's verification, from `raise`. */
  "objectionVerification",
  /** The new release that corrects what was substantiated. */
  "objectionCorrection",
  /** The objector's confirmation or dispute. */
  "objectionConfirmation",
  /** The bureau's settlement of a dispute. */
  "disputeSettlement",
  "suggestionReply",
  "demandReply",
] as const;
export type DeadlineKind = (typeof DEADLINE_KINDS)[number];

/** A date stored in the act that starts it; `ended` is when the act that meets it was made, in time or late. */
export const Deadline = Type.Object(
  {
    kind: Type.Enum([...DEADLINE_KINDS]),
    start: Instant,
    due: Instant,
    ended: Type.Optional(Instant),
  },
  { additionalProperties: false },
);
export type Deadline = Static<typeof Deadline>;
/** At most one of a kind: the last that was started. */
export const Deadlines = Type.Array(Deadline, { maxItems: DEADLINE_KINDS.length });

/** Starts a deadline from an event, if the policy in force has one of that kind; it replaces an earlier of the kind. */
export function startDeadline(
  deadlines: readonly Deadline[],
  kind: DeadlineKind,
  event: Instant,
  policy: PolicyInForce,
): Deadline[] {
  const others = deadlines.filter((deadline) => deadline.kind !== kind);
  const rule = policy.deadlines.find((candidate) => candidate.kind === kind);
  if (!rule) return others;
  return [...others, { kind, start: event, due: deadlineAfter(policy.calendar, event, rule.workingDays) }];
}

/** Marks open deadlines of the kinds as ended. */
export function endDeadlines(deadlines: readonly Deadline[], kinds: readonly DeadlineKind[], at: Instant): Deadline[] {
  return deadlines.map((deadline) =>
    kinds.includes(deadline.kind) && deadline.ended === undefined ? { ...deadline, ended: at } : deadline,
  );
}

/** Whether a deadline is passed at an instant without the act that meets it. */
export const isOverdue = (deadline: Deadline, at: Instant): boolean =>
  deadline.ended === undefined && deadline.due < at;

/** Whether what was due came late, or is overdue at an instant. */
export const isLate = (deadline: Deadline, at: Instant): boolean => (deadline.ended ?? at) > deadline.due;
