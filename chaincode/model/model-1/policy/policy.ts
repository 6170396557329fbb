import { ensure } from "../../errors.js";
import type { Instant, MspId } from "../../identifiers.js";
import { addDays, dayOf, startOfDay } from "../../time/instant.js";
import { admittedBy, rosterOf } from "../consortium/consortium.js";
import { mayStillJoin } from "../consortium/seats.js";
import { DEADLINE_KINDS } from "../deadlines.js";
import type { Decision } from "../decision.js";
import { checkSize } from "../limits.js";
import { by, commandsOf, defineNoun, NONE, standing } from "../table.js";
import { announce, extensionDuty, firstYears } from "./calendar.js";
import {
  AmendPolicy,
  AnnounceYear,
  HandOverBureau,
  MAX_PENDING_POLICIES,
  MAX_RULES_BYTES,
  OpenPolicy,
  type PolicyRules,
  PolicyState,
  TakeOverBureau,
  withoutArticles,
} from "./policy-schema.js";

const command = commandsOf<PolicyState>();

/** 政策: what the bureau decides, with the date from which it applies (requirements R10). */
export const policy = defineNoun<PolicyState>({
  name: "policy",
  title: { zh: "政策", en: "policy" },
  identity: "single",
  statuses: ["inForce"],
  state: PolicyState,
  commands: {
    open: command({
      summary: "open the channel with policy 1, in force at once",
      body: OpenPolicy,
      from: [NONE],
      to: ["inForce"],
      // The bureau is whom the body names; that it is the right one, each endorser's own configuration says.
      by: by("founder", "administrator"),
      standing: "newcomer",
      time: (body) => body.opened,
      apply({ body, actor, number }) {
        const { bureau, founders, demo, opened, calendar: announced, ...rules } = body;
        ensure(bureau === actor.department, "NOT_OWNER", `policy 1 is opened by the bureau it names, ${bureau}`);
        ensure(founders.includes(bureau), "INVALID_INPUT", "the bureau has to be a founder");
        checkRules(rules);
        ensure(
          rules.endorsers === "majority" || rules.endorsers <= founders.length,
          "INVALID_INPUT",
          `${rules.endorsers} departments cannot endorse where there are ${founders.length}`,
        );
        const calendar = firstYears(announced, opened);
        const versions = [{ from: opened, act: number, rules: withoutArticles(rules) }];
        return { status: "inForce", bureau, founders, demo, opened, calendar, versions };
      },
    }),
    amend: command({
      summary: "replace the policy from a later day",
      body: AmendPolicy,
      from: ["inForce"],
      to: ["inForce"],
      by: by("bureau", "administrator"),
      apply({ body, current, number, time }) {
        const { from: day, ...rules } = body;
        const from = startOfDay(day);
        const earliest = addDays(dayOf(time), 1);
        ensure(day >= earliest, "TOO_EARLY", `a policy applies from the next day at the earliest, ${earliest}`);
        checkRules(rules);
        const kept = inForceAndLater(current, time).filter((version) => version.from < from);
        checkModel(rules.model, kept.at(-1)?.rules.model ?? rules.model);
        ensure(
          kept.length <= MAX_PENDING_POLICIES,
          "LIMIT_REACHED",
          `${MAX_PENDING_POLICIES} policies are pending already; replace one of them`,
        );
        return { ...current, versions: [...kept, { from, act: number, rules: withoutArticles(rules) }] };
      },
    }),
    announce: command({
      summary: "announce the working days of a year as the State Council's notice has them, or a later change of them",
      body: AnnounceYear,
      from: ["inForce"],
      to: ["inForce"],
      by: by("bureau", "administrator"),
      apply: ({ body, current, time }) => ({ ...current, calendar: announce(current.calendar, body, time) }),
    }),
    handOver: command({
      summary: "offer the bureau's role to another member, or take an offer back",
      body: HandOverBureau,
      from: ["inForce"],
      to: ["inForce"],
      by: by("bureau", "administrator"),
      refers: () => [standing("consortium", "consortium")],
      apply(decision) {
        const { body, current, time } = decision;
        const { offered: _offered, ...rest } = current;
        if (body.department === current.bureau) return rest;
        checkBelongs(decision, body.department);
        const motion = admissionOf(decision, body.department);
        const seat = motion === undefined ? {} : { admittedBy: motion };
        return { ...rest, offered: { department: body.department, at: time, ...seat } };
      },
    }),
    takeOver: command({
      summary: "take over the bureau's role, as the bureau has offered it or the members have decided",
      body: TakeOverBureau,
      from: ["inForce"],
      to: ["inForce"],
      by: by("member", "administrator"),
      refers: () => [standing("consortium", "consortium")],
      when(decision) {
        const { actor, current } = decision;
        ensure(actor.department !== current.bureau, "ALREADY_EXISTS", `${actor.department} is the bureau already`);
        checkBelongs(decision, actor.department);
        const isAsked = isOffered(decision) || motionFor(decision) !== undefined;
        ensure(isAsked, "NOT_OWNER", `neither the bureau nor a motion has named ${actor.department} within 30 days`);
      },
      apply(decision) {
        const { offered: _offered, ...rest } = decision.current;
        const entrusted = motionFor(decision) ?? rest.entrusted;
        return { ...rest, bureau: decision.actor.department, ...(entrusted === undefined ? {} : { entrusted }) };
      },
    }),
  },
  // Before policy 1 there are no founders; whoever opens the channel is held to the endorsers' configurations.
  relations: ({ state, actor }) => (!state || state.founders.includes(actor.department) ? ["founder"] : []),
  describe: (_ref, state) => ({
    status: state.status,
    parties: [
      { department: state.bureau, relation: "bureau" },
      ...(state.offered === undefined ? [] : [{ department: state.offered.department, relation: "member" } as const]),
    ],
    deadlines: [extensionDuty(state.calendar)],
    references: [],
    searchText: state.versions.map((version) => version.rules.profile).join(" "),
  }),
});

type Deciding = Decision<PolicyState, unknown>;

/** Whoever is the bureau belongs to the consortium: what it supervises cannot remove it, nor can it leave. */
function checkBelongs(decision: Deciding, department: MspId): void {
  const roster = rosterOf(decision.find("consortium", "consortium"), decision.current.founders);
  ensure(roster.includes(department), "NOT_A_MEMBER", `${department} does not belong to the consortium`);
}

/** An offer stands for thirty days, and not for who was removed or has left since, and was admitted again. */
function isOffered(decision: Deciding): boolean {
  const { actor, current, time } = decision;
  const { offered } = current;
  if (offered?.department !== actor.department || !mayStillJoin(offered.at, time)) return false;
  const admission = admissionOf(decision, actor.department);
  return admission === undefined || admission === offered.admittedBy;
}

const admissionOf = (decision: Deciding, department: MspId): number | undefined =>
  admittedBy(decision.find("consortium", "consortium"), department, decision.time);

/** The motion by which the members want the actor's department for the bureau, unless it has been followed already. */
function motionFor(decision: Deciding): number | undefined {
  const { entrusted } = decision.find("consortium", "consortium") ?? {};
  const { actor, current, time } = decision;
  const stands =
    entrusted?.department === actor.department &&
    mayStillJoin(entrusted.decided, time) &&
    entrusted.motion > (current.entrusted ?? 0);
  return stands ? entrusted.motion : undefined;
}

/**
 * One version follows the other. Who could name any number could name one that no software will ever have, and stop
 * every honest node with it; the next one can be released.
 */
function checkModel(named: number, before: number): void {
  ensure(
    named === before || named === before + 1,
    "INVALID_INPUT",
    `after model ${before} comes model ${before + 1}, not ${named}`,
  );
}

function inForceAndLater(state: PolicyState, time: Instant): PolicyState["versions"] {
  const next = state.versions.findIndex((version) => version.from > time);
  const inForce = (next === -1 ? state.versions.length : next) - 1;
  return state.versions.slice(Math.max(0, inForce));
}

/** What the schema cannot say. */
function checkRules(rules: PolicyRules): void {
  checkSize("the rules", rules, MAX_RULES_BYTES);
  const kinds = new Set(rules.deadlines.map((deadline) => deadline.kind));
  ensure(
    kinds.size === rules.deadlines.length,
    "INVALID_INPUT",
    `a kind of deadline stands twice; there are ${DEADLINE_KINDS.length} kinds`,
  );
  const thresholds = rules.qualityThresholds ?? [];
  const dimensions = new Set(thresholds.map(({ dimension }) => dimension));
  ensure(dimensions.size === thresholds.length, "INVALID_INPUT", "a dimension has two thresholds");
  const ids = new Set(rules.legalBases.map((basis) => basis.id));
  ensure(ids.size === rules.legalBases.length, "INVALID_INPUT", "an id stands twice in the register of legal bases");
}
