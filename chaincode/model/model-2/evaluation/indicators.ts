import type { DatasetId, Day, Instant, MspId } from "../../identifiers.js";
import { providerOf } from "../../identifiers.js";
import type { CaseState } from "../../kernel/act.js";
import type { Description } from "../../kernel/description.js";
import type { ApplicationState } from "../../model-1/application/application-schema.js";
import { currentDeadline, type Deadline, isLate } from "../../model-1/deadlines.js";
import type { ObjectionState } from "../../model-1/objection/objection-schema.js";
import type { PolicyState } from "../../model-1/policy/policy-schema.js";
import type { CountedAct, DepartmentFigures, Evaluation, Evaluator, OverdueDate, Period } from "../../reading.js";
import { addDays, dayOf, endOfDay, startOfDay } from "../../time/instant.js";

/**
 * 指标, version 1, in the order in which figures stand. Each is how many of how many; a further version is a further list.
 * - `listed`: datasets of its list that have a release in use
 * - `demandMet`: demands put to it in the period that are matched
 * - `replied`: replies that were due in the period and came in time (applications, renewals, suggestions, demands)
 * - `verified`, `corrected`: the same of verifications of objections, and of corrections
 * - `fresh`: datasets with an update cycle whose last release is no older than that
 * - `passed`: checks stated of its data in the period that passed
 * - `unobjected`: objections to its data concluded in the period that were not substantiated
 * - `useStated`: months of the period that it stated within fifteen days of their end
 * - `effectReported`: grants that it held in the period on which it reported use
 * - `remedied`: incidents that it answers for and was told so in the period, that are remedied
 * - `anchored`: days of the period on which its log was anchored, since it was opened
 */
export const INDICATORS = [
  ...(["listed", "demandMet", "replied", "verified", "corrected", "fresh"] as const),
  ...(["passed", "unobjected", "useStated", "effectReported", "remedied", "anchored"] as const),
] as const;
export type Indicator = (typeof INDICATORS)[number];

const REPLIES: readonly string[] = [
  ...["applicationReply", "derivedAuthorization", "renewalReply", "suggestionReply", "demandReply"],
];
/** Days in which a release of the cycle has to have come; irregular data has none. */
const CYCLE_DAYS: Readonly<Record<string, number>> = {
  ...{ realTime: 1, daily: 1, weekly: 7, monthly: 31, quarterly: 92, halfYearly: 184, yearly: 366 },
};
/** Days after a month's end in which it is stated. */
const STATEMENT_DAYS = 15;

/** What acts up to the period's end come to. */
interface Gathered {
  readonly states: ReadonlyMap<string, { readonly noun: string; readonly id: string; readonly state: CaseState }>;
  readonly deadlines: readonly DatedDuty[];
  readonly acts: readonly TakenAct[];
  readonly end: Instant;
  readonly begin: Instant;
}

interface TakenAct {
  readonly noun: string;
  readonly case: string;
  readonly type: string;
  readonly time: Instant;
  /** Of a catalogue entry. */
  readonly cycle?: string;
}

interface DatedDuty {
  readonly noun: string;
  readonly id: string;
  readonly department: MspId;
  readonly deadline: Deadline;
}

type Describe = (act: CountedAct) => Description | undefined;

/**
 * What each department's period comes to, from the acts that count alone: whoever has the same ledger gets the same, to the
 * digit. It keeps the cases' last states and dates, and of acts what indicators look at.
 */
export class PeriodEvaluator implements Evaluator {
  readonly #period: Period;
  readonly #describe: Describe;
  readonly #end: Instant;
  readonly #states: Gathered["states"] & Map<string, { noun: string; id: string; state: CaseState }> = new Map();
  readonly #duties = new Map<string, DatedDuty>();
  readonly #acts: TakenAct[] = [];

  constructor(period: Period, describe: Describe) {
    this.#period = period;
    this.#describe = describe;
    this.#end = endOfDay(period.to);
  }

  take(act: CountedAct): void {
    if (act.time > this.#end || act.noun === "clock") return;
    const { noun, case: id, type, time, state, body } = act;
    const cycle = noun === "dataset" ? (body as { readonly updateCycle?: unknown } | null)?.updateCycle : undefined;
    this.#acts.push({ noun, case: id, type, time, ...(typeof cycle === "string" ? { cycle } : {}) });
    // Of logs only the days count on which they are anchored.
    if (noun === "log") return;
    this.#states.set(`${noun} ${id}`, { noun, id, state });
    const description = this.#describe(act);
    for (const { owner, ...deadline } of description?.deadlines ?? []) {
      const party = description?.parties.find(({ relation }) => relation === owner)?.department;
      const department = owner === "bureau" ? this.#policy?.bureau : party;
      if (department === undefined || deadline.workingDays === undefined) continue;
      // A date that is started anew is another one.
      const which = `${noun} ${id} ${deadline.kind} ${deadline.start}`;
      this.#duties.set(which, { noun, id, department, deadline: deadline as Deadline });
    }
  }

  get #policy(): PolicyState | undefined {
    return this.#states.get("policy policy")?.state as PolicyState | undefined;
  }

  result(): Evaluation | undefined {
    const policy = this.#policy;
    if (policy === undefined) return undefined;
    const deadlines = [...this.#duties.values()].map((duty) => ({
      ...duty,
      deadline: currentDeadline(duty.deadline, policy.calendar),
    }));
    const gathered: Gathered = {
      ...{ states: this.#states, deadlines, acts: this.#acts },
      ...{ begin: startOfDay(this.#period.from), end: this.#end },
    };
    const tallies = new Map<MspId, Tally>();
    for (const { noun, id } of this.#states.values()) if (noun === "member") tallies.set(id as MspId, new Tally());
    const tally: Count = (department, indicator, isMet) => tallies.get(department)?.add(indicator, isMet);
    for (const count of COUNTS) count(gathered, tally);
    const figures: DepartmentFigures[] = [...tallies]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([department, { met, total }]) => ({ department, met, total }));
    return { ...this.#period, indicators: 1, figures, overdue: overdueIn(gathered) };
  }
}

type Count = (department: MspId, indicator: Indicator, isMet: boolean) => void;

class Tally {
  readonly met: number[] = INDICATORS.map(() => 0);
  readonly total: number[] = INDICATORS.map(() => 0);

  add(indicator: Indicator, isMet: boolean): void {
    const at = INDICATORS.indexOf(indicator);
    this.total[at] = (this.total[at] ?? 0) + 1;
    if (isMet) this.met[at] = (this.met[at] ?? 0) + 1;
  }
}

function overdueIn({ deadlines, end }: Gathered): OverdueDate[] {
  return deadlines
    .filter(({ deadline }) => deadline.ended === undefined && isLate(deadline, end))
    .map(({ noun, id, department, deadline: { kind, due } }) => ({ noun, case: id, department, kind, due }))
    .sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

const keyOf = ({ due, noun, case: id, kind }: OverdueDate): string => JSON.stringify([due, noun, id, kind]);

const statesOf = <S extends CaseState>(
  { states }: Gathered,
  noun: string,
): { readonly id: string; readonly state: S }[] =>
  [...states.values()].filter((one) => one.noun === noun).map(({ id, state }) => ({ id, state: state as S }));

interface InDataset extends CaseState {
  readonly dataset: DatasetId;
}

/** Each of the indicators, or a few that are counted together. */
const COUNTS: readonly ((gathered: Gathered, count: Count) => void)[] = [
  function listedAndFresh(gathered, count) {
    const cycles = new Map<string, string>();
    const latest = new Map<string, Instant>();
    for (const { noun, case: id, type, cycle, time } of gathered.acts) {
      if (cycle !== undefined) cycles.set(id, cycle);
      if (noun === "release" && type === "register") latest.set(id, time);
    }
    const inUse = new Map<string, Instant>();
    for (const { id, state } of statesOf<InDataset>(gathered, "release")) {
      const at = latest.get(id);
      if (state.status !== "registered" || at === undefined) continue;
      if (at >= (inUse.get(state.dataset) ?? "")) inUse.set(state.dataset, at);
    }
    for (const { id, state } of statesOf(gathered, "dataset")) {
      if (state.status !== "registered") continue;
      const provider = providerOf(id as DatasetId);
      const last = inUse.get(id);
      count(provider, "listed", last !== undefined);
      const days = CYCLE_DAYS[cycles.get(id) ?? ""];
      if (days !== undefined)
        count(provider, "fresh", last !== undefined && addDays(dayOf(last), days) >= dayOf(gathered.end));
    }
  },
  function demandMet(gathered, count) {
    const published = begunIn(gathered, "demand", "publish");
    for (const { id, state } of statesOf<CaseState & { readonly provider: MspId }>(gathered, "demand")) {
      if (published.has(id)) count(state.provider, "demandMet", state.status === "matched");
    }
  },
  function dates({ deadlines, begin, end }, count) {
    for (const { department, deadline } of deadlines) {
      const { kind, due, provisional } = deadline;
      if (provisional === true || due < begin || due > end) continue;
      const inTime = deadline.ended !== undefined && !isLate(deadline, end);
      if (REPLIES.includes(kind)) count(department, "replied", inTime);
      if (kind === "objectionVerification") count(department, "verified", inTime);
      if (kind === "objectionCorrection") count(department, "corrected", inTime);
    }
  },
  function passed(gathered, count) {
    const stated = begunIn(gathered, "assessment", "state");
    interface Stated extends CaseState {
      readonly provider: MspId;
      readonly passed: boolean;
    }
    for (const { id, state } of statesOf<Stated>(gathered, "assessment")) {
      if (stated.has(id) && state.status === "stated") count(state.provider, "passed", state.passed);
    }
  },
  function unobjected(gathered, count) {
    const concluded = begunIn(gathered, "objection", "conclude");
    for (const { id, state } of statesOf<ObjectionState>(gathered, "objection")) {
      if (concluded.has(id)) count(state.provider, "unobjected", state.outcome === "unsubstantiated");
    }
  },
  function useStated(gathered, count) {
    const first = new Map<string, Instant>();
    for (const { id, state } of statesOf<CaseState & { readonly first: Instant }>(gathered, "usage"))
      first.set(id, state.first);
    const joined = new Map<string, Instant>();
    for (const { noun, case: id, type, time } of gathered.acts) {
      if (noun === "member" && type === "join" && !joined.has(id)) joined.set(id, time);
    }
    for (const { month, due } of monthsOf(gathered)) {
      for (const { id, state } of statesOf(gathered, "member")) {
        if (state.status !== "active" || dayOf(joined.get(id) ?? gathered.end).slice(0, 7) > month) continue;
        const at = first.get(`${id}/${month}`);
        count(id as MspId, "useStated", at !== undefined && dayOf(at) <= due);
      }
    }
  },
  function effectReported({ begin, end, ...rest }, count) {
    for (const { state } of statesOf<ApplicationState>({ begin, end, ...rest }, "application")) {
      const { grant, consumer, times } = state;
      if (grant === undefined || grant.from > end || grant.to < begin) continue;
      count(consumer, "effectReported", times.reports > 0);
    }
  },
  function remedied(gathered, count) {
    const assigned = begunIn(gathered, "incident", "assign");
    interface Answered extends CaseState {
      readonly responsible?: MspId;
      readonly outcome?: string;
    }
    for (const { id, state } of statesOf<Answered>(gathered, "incident")) {
      if (!assigned.has(id) || state.responsible === undefined) continue;
      const isDone = state.status === "remedied" || state.outcome === "remedied";
      count(state.responsible, "remedied", isDone);
    }
  },
  function anchored({ acts, begin, end }, count) {
    const opened = new Map<string, Day>();
    const days = new Map<string, Set<Day>>();
    for (const { noun, case: id, type, time } of acts) {
      if (noun !== "log") continue;
      if (!opened.has(id)) opened.set(id, dayOf(time));
      if (type !== "anchor") continue;
      const seen = days.get(id) ?? new Set();
      days.set(id, seen.add(dayOf(time)));
    }
    for (const [id, since] of opened) {
      for (let day = dayOf(begin); day <= dayOf(end); day = addDays(day, 1)) {
        if (day < since) continue;
        count(id as MspId, "anchored", days.get(id)?.has(day) === true);
      }
    }
  },
];

/** Cases of the noun in which an act of the type was made in the period. */
function begunIn({ acts, begin }: Gathered, noun: string, type: string): ReadonlySet<string> {
  return new Set(
    acts.filter((act) => act.noun === noun && act.type === type && act.time >= begin).map((act) => act.case),
  );
}

/** Months whose statement was due in the period, with the last day for it. */
function monthsOf({ begin, end }: Gathered): { readonly month: string; readonly due: Day }[] {
  const months: { month: string; due: Day }[] = [];
  for (let day = addDays(dayOf(begin), -STATEMENT_DAYS); day <= dayOf(end); day = addDays(day, 1)) {
    const isLast = addDays(day, 1).slice(0, 7) !== day.slice(0, 7);
    const due = addDays(day, STATEMENT_DAYS);
    if (isLast && due >= dayOf(begin) && due <= dayOf(end)) months.push({ month: day.slice(0, 7), due });
  }
  return months;
}
