import { type Static, Type } from "typebox";
import { Instant } from "../identifiers.js";
import { dayOf, yearOf } from "../time/instant.js";
import { type AnnouncedYear, calendarKnownAt, dueDate, latestCalendar } from "../time/working-days.js";

/** What can be due. How many working days, and by which article, is the policy's (requirements R10). */
export const DEADLINE_KINDS = [
  /** 有条件共享: the provider's reply to an application. */
  "applicationReply",
  /** 整体授权, 同等代理授权: completion of the authorization. */
  "derivedAuthorization",
  /** 补正: what the provider said was missing from an application. */
  "supplement",
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
/** Kinds that later versions add, as a type alone: their cases count dates by what is here; schemas of this version hold none. */
export type LaterDeadlineKind = "incidentInvestigation" | "incidentRemedy" | "incidentClosing";
export type DeadlineKind = (typeof DEADLINE_KINDS)[number] | LaterDeadlineKind;

/** What the bureau owes, whoever it is by then. */
export const OWED_BY_BUREAU: readonly DeadlineKind[] = ["disputeSettlement"];

/** 督办: how often the bureau can urge what is overdue, for each deadline. */
export const MAX_URGES = 3;
/** The longest period of the policy, extended. */
const MAX_WORKING_DAYS = 310;

/** A date stored in the act that starts it; `ended` is when the act that meets it was made, in time or late. */
export const Deadline = Type.Object(
  {
    kind: Type.Unsafe<DeadlineKind>(Type.Enum([...DEADLINE_KINDS])),
    start: Instant,
    workingDays: Type.Integer({ minimum: 1, maximum: MAX_WORKING_DAYS }),
    due: Instant,
    /** `due` lies beyond the years that were announced; {@link currentDeadline} tells whether it still does. */
    provisional: Type.Optional(Type.Literal(true)),
    /** It moves with later notices on days that it counts, as the policy had it when it began. */
    followsNotices: Type.Optional(Type.Literal(true)),
    urged: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_URGES })),
    ended: Type.Optional(Instant),
  },
  { additionalProperties: false },
);
export type Deadline = Static<typeof Deadline>;
/** What of it the calendar decides. */
type Counted = Omit<Deadline, "kind" | "urged">;
/** At most one of a kind: the last that was started. */
export const Deadlines = Type.Array(Deadline, { maxItems: DEADLINE_KINDS.length });

/** What of a policy decides on dates. */
export interface DeadlinePolicy {
  readonly deadlines: readonly { readonly kind: DeadlineKind; readonly workingDays: number }[];
  readonly laterNotices: "recompute" | "stand";
  readonly calendar: readonly AnnouncedYear[];
}

/** Starts a deadline from an event, if the policy in force has one of that kind; it replaces an earlier of the kind. */
export function startDeadline(
  deadlines: readonly Deadline[],
  kind: DeadlineKind,
  event: Instant,
  policy: DeadlinePolicy,
): Deadline[] {
  const others = deadlines.filter((deadline) => deadline.kind !== kind);
  const rule = policy.deadlines.find((candidate) => candidate.kind === kind);
  if (!rule) return others;
  const { workingDays } = rule;
  const follows = policy.laterNotices === "recompute" ? { followsNotices: true as const } : {};
  return [...others, dated({ kind, start: event, workingDays, due: event, ...follows }, policy.calendar)];
}

/**
 * A deadline with the date that it has by the calendar of now. Only one that is open can have another than it was
 * stored with: where it ran past the announced years, or where it follows later notices.
 */
export function currentDeadline<D extends Counted>(deadline: D, years: readonly AnnouncedYear[]): D {
  const moves = deadline.provisional === true || deadline.followsNotices === true;
  return deadline.ended === undefined && moves ? dated(deadline, years) : deadline;
}

/** The same deadline with more working days. */
export const extendDeadline = (deadline: Deadline, workingDays: number, years: readonly AnnouncedYear[]): Deadline =>
  dated({ ...deadline, workingDays: deadline.workingDays + workingDays }, years);

/** Marks open deadlines of the kinds as ended; a date that is met while it is still provisional stays so. */
export function endDeadlines(
  deadlines: readonly Deadline[],
  kinds: readonly DeadlineKind[],
  at: Instant,
  years: readonly AnnouncedYear[],
): Deadline[] {
  return deadlines.map((deadline) =>
    kinds.includes(deadline.kind) && deadline.ended === undefined
      ? { ...currentDeadline(deadline, years), ended: at }
      : deadline,
  );
}

/** Whether a deadline is passed at an instant without the act that meets it. Nobody is late for an open date. */
export const isOverdue = (deadline: Deadline, at: Instant): boolean =>
  deadline.ended === undefined && isLate(deadline, at);

/** Whether what was due came late, or is overdue at an instant. */
export const isLate = (deadline: Deadline, at: Instant): boolean =>
  deadline.provisional !== true && (deadline.ended ?? at) > deadline.due;

function dated<D extends Counted>(deadline: D, years: readonly AnnouncedYear[]): D {
  const [first] = years;
  // The ledger keeps the years that an open deadline can need; one that began before them has passed long since.
  if (first === undefined || yearOf(dayOf(deadline.start)) < first.year) return firm(deadline, deadline.due);
  const calendar = deadline.followsNotices === true ? latestCalendar(years) : calendarKnownAt(years, deadline.start);
  const { due, provisional } = dueDate(calendar, deadline.start, deadline.workingDays);
  return provisional ? { ...deadline, due, provisional } : firm(deadline, due);
}

function firm<D extends Counted>(deadline: D, due: Instant): D {
  const dated = { ...deadline, due };
  delete dated.provisional;
  return dated;
}
