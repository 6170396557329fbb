import { type Static, Type } from "typebox";
import { ensure } from "../../errors.js";
import { Instant, MspId } from "../../identifiers.js";
import { closed, MAX_NAME, Text, text } from "../limits.js";
import { MAX_MEMBERS } from "../policy/policy-schema.js";
import { by, commandsOf, defineNoun, NONE, standing } from "../table.js";
import { isOpenMotion, mayStillJoin } from "./seats.js";

/**
 * Motions open at a time; with all their votes they fit in an act. A member has one at a time, so that up to so many
 * members no others can keep it from moving its own.
 */
export const MAX_MOTIONS = 64;
/** Departments that were admitted lately and are still expected to join. */
const MAX_AWAITED = 16;
const MotionNumber = Type.Integer({ minimum: 1 });

/** 接纳, 移出, 委任为牵头部门: what motions are about. */
const MotionKind = Type.Enum(["admit", "remove", "entrust"]);

const Motion = closed({
  /** The number of the act that made it. */
  number: MotionNumber,
  kind: MotionKind,
  subject: MspId,
  mover: MspId,
  moved: Instant,
  /** A letter for each seat of the roster, in its order: `f` in favour, `a` against, `-` not voted. */
  votes: Type.String({ maxLength: MAX_MEMBERS, pattern: "^[fa-]*$" }),
});
type Motion = Static<typeof Motion>;

export const VOTES = ["inFavour", "against"] as const;
type Vote = (typeof VOTES)[number];
const LETTERS: Readonly<Record<Vote, string>> = { inFavour: "f", against: "a" };
const NOT_VOTED = "-";

export const ProposeMotion = closed({
  kind: MotionKind,
  subject: MspId,
  name: text(MAX_NAME),
  reasons: Type.Optional(Text),
});
export const CastVote = closed({ motion: MotionNumber, vote: Type.Enum([...VOTES]) });
export const WithdrawMotion = closed({ motion: MotionNumber });
export const LeaveConsortium = closed({ reasons: Type.Optional(Text) });
export const GiveUpSeat = closed({ department: MspId });

export const ConsortiumState = closed({
  status: Type.Literal("sitting"),
  /** Who belongs: the founders, those admitted, without those removed or gone. */
  roster: Type.Array(MspId, { maxItems: MAX_MEMBERS }),
  motions: Type.Array(Motion, { maxItems: MAX_MOTIONS }),
  /** Who was admitted, when and by which motion, as long as it is expected to join. */
  awaited: Type.Array(closed({ department: MspId, admitted: Instant, motion: MotionNumber }), {
    maxItems: MAX_AWAITED,
  }),
  /** Whom the members want for the bureau, as long as it is expected to take over, and the motion that says so. */
  entrusted: Type.Optional(closed({ department: MspId, motion: MotionNumber, decided: Instant })),
});
export type ConsortiumState = Static<typeof ConsortiumState>;

/** Who belongs to the consortium: before its first act, the founders of policy 1. */
export const rosterOf = (state: ConsortiumState | undefined, founders: readonly MspId[]): readonly MspId[] =>
  state?.roster ?? founders;

/** The members that have voted so on a motion. */
export const votersOf = ({ roster }: Pick<ConsortiumState, "roster">, { votes }: Motion, vote: Vote): MspId[] =>
  roster.filter((_member, seat) => votes[seat] === LETTERS[vote]);

/** The motion by which a department was admitted within the last thirty days. */
export const admittedBy = (state: ConsortiumState | undefined, department: MspId, now: Instant): number | undefined =>
  state?.awaited.find((seat) => seat.department === department && mayStillJoin(seat.admitted, now))?.motion;

const command = commandsOf<ConsortiumState>();

/** 联盟: who belongs, decided by a majority of those who do (requirements R1). */
export const consortium = defineNoun<ConsortiumState>({
  name: "consortium",
  title: { zh: "联盟", en: "consortium" },
  identity: "single",
  statuses: ["sitting"],
  state: ConsortiumState,
  commands: {
    propose: command({
      summary:
        "move that a department be admitted, removed or entrusted with the bureau's role; counts as the mover's vote",
      body: ProposeMotion,
      from: [NONE, "sitting"],
      to: ["sitting"],
      by: by("member", "administrator"),
      when({ state, policy, actor: { department: mover }, time }) {
        const before = sitting(state, policy, time);
        checkSeat(before, mover);
        ensure(
          before.motions.length < MAX_MOTIONS,
          "LIMIT_REACHED",
          `${MAX_MOTIONS} motions are open; decide one first`,
        );
        const own = before.motions.find((motion) => motion.mover === mover);
        ensure(!own, "LIMIT_REACHED", `${mover} has moved motion ${own?.number}; it has to be decided first`);
      },
      apply({ body, state, policy, actor, number, time }) {
        const before = sitting(state, policy, time);
        const { kind, subject } = body;
        const mover = actor.department;
        const belongs = before.roster.includes(subject);
        ensure(kind !== "admit" || !belongs, "ALREADY_EXISTS", `${subject} belongs to the consortium already`);
        ensure(kind === "admit" || belongs, "NOT_FOUND", `${subject} does not belong to the consortium`);
        ensure(
          subject !== policy.bureau,
          "WRONG_STATE",
          `${subject} is the bureau; entrust another department with the role first`,
        );
        ensure(
          kind !== "admit" || before.roster.length < MAX_MEMBERS,
          "LIMIT_REACHED",
          `the consortium takes ${MAX_MEMBERS} members`,
        );
        ensure(
          kind !== "admit" || before.awaited.length < MAX_AWAITED,
          "LIMIT_REACHED",
          `${MAX_AWAITED} departments were admitted lately and have not joined yet`,
        );
        const unvoted: Motion = { number, kind, subject, mover, moved: time, votes: "" };
        const motion = withVote(before.roster, unvoted, mover, "inFavour");
        return decided({ ...before, motions: [...before.motions, motion] }, time);
      },
    }),
    vote: command({
      summary: "vote on a motion; once a majority of the members agrees, it is carried",
      body: CastVote,
      from: ["sitting"],
      to: ["sitting"],
      by: by("member", "administrator"),
      when({ state, policy, actor: { department: voter }, time }) {
        const before = sitting(state, policy, time);
        checkSeat(before, voter);
        ensure(before.motions.length > 0, "NOT_FOUND", "there is no open motion");
        const isOpen = before.motions.some((motion) => !hasVoted(before, motion, voter));
        ensure(isOpen, "ALREADY_EXISTS", `${voter} has voted on every open motion`);
      },
      apply({ body, state, policy, actor, time }) {
        const before = sitting(state, policy, time);
        const motion = openMotion(before, body.motion);
        const voter = actor.department;
        ensure(!hasVoted(before, motion, voter), "ALREADY_EXISTS", `${voter} has voted on motion ${motion.number}`);
        const cast = withVote(before.roster, motion, voter, body.vote);
        const motions = before.motions.map((other) => (other === motion ? cast : other));
        return decided({ ...before, motions }, time);
      },
    }),
    withdraw: command({
      summary: "take one's own motion back",
      body: WithdrawMotion,
      from: ["sitting"],
      to: ["sitting"],
      by: by("member", "administrator"),
      when({ state, policy, actor: { department }, time }) {
        const { motions } = sitting(state, policy, time);
        const own = motions.some(({ mover }) => mover === department);
        ensure(own || motions.length > 0, "NOT_FOUND", "there is no open motion");
        ensure(own, "NOT_OWNER", `no open motion is ${department}'s`);
      },
      apply({ body, state, policy, actor, time }) {
        const before = sitting(state, policy, time);
        const motion = openMotion(before, body.motion);
        ensure(motion.mover === actor.department, "NOT_OWNER", `motion ${motion.number} is ${motion.mover}'s`);
        return { ...before, motions: before.motions.filter((other) => other !== motion) };
      },
    }),
    leave: command({
      summary: "leave the consortium by one's own decision",
      body: LeaveConsortium,
      from: [NONE, "sitting"],
      to: ["sitting"],
      by: by("member", "administrator"),
      when({ state, policy, actor: { department: leaver } }) {
        ensure(leaver !== policy.bureau, "WRONG_STATE", "the bureau cannot leave; it hands its role over first");
        ensure(rosterOf(state, policy.founders).includes(leaver), "NOT_FOUND", `${leaver} has left already`);
      },
      apply: ({ state, policy, actor, time }) => decided(without(sitting(state, policy, time), actor.department), time),
    }),
    giveUpSeat: command({
      summary: "give up the seat of a founder or admitted department that has not joined in time; any member may",
      body: GiveUpSeat,
      from: [NONE, "sitting"],
      to: ["sitting"],
      by: by("member", "administrator"),
      refers: ({ department }) => [standing("member", department)],
      when: ({ state, policy, actor, time }) => checkSeat(sitting(state, policy, time), actor.department),
      apply(decision) {
        const { body, state, policy, time } = decision;
        const before = sitting(state, policy, time);
        const { department } = body;
        ensure(before.roster.includes(department), "NOT_FOUND", `${department} has no seat`);
        const joined = decision.find("member", department)?.status === "active";
        ensure(!joined, "WRONG_STATE", `${department} has joined; it leaves by itself or by a motion`);
        ensure(department !== policy.bureau, "WRONG_STATE", "the bureau keeps its seat");
        const awaited = before.awaited.some((seat) => seat.department === department);
        ensure(!awaited && !mayStillJoin(policy.opened, time), "TOO_EARLY", `${department} may still join`);
        return decided(without(before, department), time);
      },
    }),
  },
  relations: () => [],
  describe: (_ref, state) => ({
    status: state.status,
    parties: state.roster.map((department) => ({ department, relation: "member" })),
    deadlines: [],
    references: state.motions.map((motion) => ({ noun: "member", case: motion.subject })),
  }),
});

/**
 * The consortium as it stands at an instant: what has lapsed by time is gone, and so is what was moved on a department
 * that has become the bureau since.
 */
function sitting(
  state: ConsortiumState | undefined,
  { founders, bureau }: { readonly founders: readonly MspId[]; readonly bureau: MspId },
  now: Instant,
): ConsortiumState {
  return {
    status: "sitting",
    roster: [...rosterOf(state, founders)],
    motions: (state?.motions ?? []).filter((motion) => isOpenMotion(motion, now) && motion.subject !== bureau),
    awaited: (state?.awaited ?? []).filter(({ admitted }) => mayStillJoin(admitted, now)),
    ...(state?.entrusted !== undefined && mayStillJoin(state.entrusted.decided, now)
      ? { entrusted: state.entrusted }
      : {}),
  };
}

const hasVoted = (state: ConsortiumState, motion: Motion, voter: MspId): boolean =>
  VOTES.some((vote) => votersOf(state, motion, vote).includes(voter));

function withVote(roster: readonly MspId[], motion: Motion, voter: MspId, vote: Vote): Motion {
  const votes = roster.map((member, seat) => (member === voter ? LETTERS[vote] : (motion.votes[seat] ?? NOT_VOTED)));
  return { ...motion, votes: votes.join("") };
}

/** A department that was removed or has left counts no more, whether its own case is closed yet or not. */
function checkSeat({ roster }: ConsortiumState, department: MspId): void {
  ensure(roster.includes(department), "NOT_A_MEMBER", `${department} has left; it neither moves nor votes`);
}

function openMotion(state: ConsortiumState, number: number): Motion {
  const motion = state.motions.find((candidate) => candidate.number === number);
  ensure(motion !== undefined, "NOT_FOUND", `motion ${number} is not open`);
  return motion;
}

/**
 * Carries each motion once more than half of the members are in favour and there is room for whom it admits, drops it once
 * that cannot be reached; and counts the others again, since a removal changes how many more than half are.
 */
function decided(state: ConsortiumState, now: Instant): ConsortiumState {
  const members = state.roster.length;
  const hasRoom = members < MAX_MEMBERS && state.awaited.length < MAX_AWAITED;
  const isCarried = (motion: Motion) =>
    votersOf(state, motion, "inFavour").length * 2 > members && (motion.kind !== "admit" || hasRoom);
  const isLost = (motion: Motion) => (members - votersOf(state, motion, "against").length) * 2 <= members;
  const motion = state.motions.find((candidate) => isCarried(candidate) || isLost(candidate));
  if (!motion) return state;
  if (isLost(motion)) return decided({ ...state, motions: state.motions.filter((other) => other !== motion) }, now);
  const { subject, kind, number } = motion;
  // Others may have moved the same: it is decided with this one.
  const motions = state.motions.filter((other) => other.kind !== kind || other.subject !== subject);
  const rest = { ...state, motions };
  if (kind === "remove") return decided(without(rest, subject), now);
  if (kind === "entrust") {
    return decided({ ...rest, entrusted: { department: subject, motion: number, decided: now } }, now);
  }
  const awaited = [...rest.awaited, { department: subject, admitted: now, motion: number }];
  const roster = [...rest.roster, subject];
  const recounted = motions.map((other) => ({ ...other, votes: other.votes + NOT_VOTED }));
  return decided({ ...rest, roster, motions: recounted, awaited }, now);
}

/** The consortium without a department: its votes and its own motions go with it. */
function without(state: ConsortiumState, department: MspId): ConsortiumState {
  const { entrusted, ...rest } = state;
  const stays = (member: MspId) => member !== department;
  return {
    ...rest,
    ...(entrusted === undefined || entrusted.department === department ? {} : { entrusted }),
    roster: state.roster.filter(stays),
    motions: state.motions
      .filter(({ mover, subject }) => stays(mover) && stays(subject))
      .map((motion) => ({
        ...motion,
        votes: state.roster.map((member, seat) => (stays(member) ? motion.votes[seat] : "")).join(""),
      })),
    awaited: state.awaited.filter((seat) => stays(seat.department)),
  };
}
