import { type Static, Type } from "typebox";
import { ensure } from "../../errors.js";
import { MspId } from "../../identifiers.js";
import { closed, MAX_NAME, Text, text } from "../limits.js";
import { MAX_MEMBERS } from "../policy/policy-schema.js";
import { by, commandsOf, defineNoun, NONE } from "../table.js";

/** Motions open at a time; a consortium admits a department now and then. */
const MAX_MOTIONS = 16;
const MotionNumber = Type.Integer({ minimum: 1 });

const Motion = closed({
  /** The number of the act that made it. */
  number: MotionNumber,
  kind: Type.Enum(["admit", "remove"]),
  subject: MspId,
  mover: MspId,
  inFavour: Type.Array(MspId, { maxItems: MAX_MEMBERS }),
  against: Type.Array(MspId, { maxItems: MAX_MEMBERS }),
});
type Motion = Static<typeof Motion>;

export const ProposeMotion = closed({
  kind: Type.Enum(["admit", "remove"]),
  subject: MspId,
  name: text(MAX_NAME),
  reasons: Type.Optional(Text),
});
export const CastVote = closed({ motion: MotionNumber, vote: Type.Enum(["inFavour", "against"]) });
export const WithdrawMotion = closed({ motion: MotionNumber });
export const LeaveConsortium = closed({ reasons: Type.Optional(Text) });

export const ConsortiumState = closed({
  status: Type.Literal("sitting"),
  /** Who belongs: the founders, those admitted, without those removed or gone. */
  roster: Type.Array(MspId, { maxItems: MAX_MEMBERS }),
  motions: Type.Array(Motion, { maxItems: MAX_MOTIONS }),
});
export type ConsortiumState = Static<typeof ConsortiumState>;

/** Who belongs to the consortium: before its first act, the founders of policy 1. */
export const rosterOf = (state: ConsortiumState | undefined, founders: readonly MspId[]): readonly MspId[] =>
  state?.roster ?? founders;

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
      summary: "move that a department be admitted or removed; counts as the mover's vote",
      body: ProposeMotion,
      from: [NONE, "sitting"],
      to: ["sitting"],
      by: by("member", "administrator"),
      apply({ body, state, policy, actor, number }) {
        const before = sitting(state, policy.founders);
        const { kind, subject } = body;
        const belongs = before.roster.includes(subject);
        ensure(kind === "remove" || !belongs, "ALREADY_EXISTS", `${subject} belongs to the consortium already`);
        ensure(kind === "admit" || belongs, "NOT_FOUND", `${subject} does not belong to the consortium`);
        ensure(subject !== policy.bureau, "WRONG_STATE", "the policy names the bureau; it is no matter of motions");
        const open = before.motions.find((motion) => motion.subject === subject);
        ensure(!open, "ALREADY_EXISTS", `motion ${open?.number} on ${subject} is open; vote on that`);
        ensure(
          before.motions.length < MAX_MOTIONS,
          "LIMIT_REACHED",
          `${MAX_MOTIONS} motions are open; decide one first`,
        );
        const mover = actor.department;
        const motion: Motion = { number, kind, subject, mover, inFavour: [mover], against: [] };
        return count({ ...before, motions: [...before.motions, motion] }, number);
      },
    }),
    vote: command({
      summary: "vote on a motion; once a majority of the members agrees, it is carried",
      body: CastVote,
      from: ["sitting"],
      to: ["sitting"],
      by: by("member", "administrator"),
      apply({ body, current, actor }) {
        const motion = openMotion(current, body.motion);
        const voter = actor.department;
        const voted = [...motion.inFavour, ...motion.against].includes(voter);
        ensure(!voted, "ALREADY_EXISTS", `${voter} has voted on motion ${motion.number}`);
        ensure(current.roster.includes(voter), "NOT_A_MEMBER", `${voter} has left; its vote does not count`);
        const cast: Motion = { ...motion, [body.vote]: [...motion[body.vote], voter] };
        const motions = current.motions.map((other) => (other === motion ? cast : other));
        return count({ ...current, motions }, motion.number);
      },
    }),
    withdraw: command({
      summary: "take one's own motion back",
      body: WithdrawMotion,
      from: ["sitting"],
      to: ["sitting"],
      by: by("member", "administrator"),
      apply({ body, current, actor }) {
        const motion = openMotion(current, body.motion);
        ensure(motion.mover === actor.department, "NOT_OWNER", `motion ${motion.number} is ${motion.mover}'s`);
        return { ...current, motions: current.motions.filter((other) => other !== motion) };
      },
    }),
    leave: command({
      summary: "leave the consortium by one's own decision",
      body: LeaveConsortium,
      from: [NONE, "sitting"],
      to: ["sitting"],
      by: by("member", "administrator"),
      apply({ state, policy, actor }) {
        const before = sitting(state, policy.founders);
        const leaver = actor.department;
        ensure(leaver !== policy.bureau, "WRONG_STATE", "the bureau cannot leave the consortium it supervises");
        ensure(before.roster.includes(leaver), "NOT_FOUND", `${leaver} has left already`);
        return without(before, leaver);
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

function sitting(state: ConsortiumState | undefined, founders: readonly MspId[]): ConsortiumState {
  return { status: "sitting", roster: [...rosterOf(state, founders)], motions: state?.motions ?? [] };
}

function openMotion(state: ConsortiumState, number: number): Motion {
  const motion = state.motions.find((candidate) => candidate.number === number);
  ensure(motion !== undefined, "NOT_FOUND", `motion ${number} is not open`);
  return motion;
}

/** Carries the motion once more than half of the members are in favour, drops it once that cannot be reached. */
function count(state: ConsortiumState, number: number): ConsortiumState {
  const motion = openMotion(state, number);
  const members = state.roster.length;
  if (motion.inFavour.length * 2 > members) {
    const motions = state.motions.filter((other) => other !== motion);
    if (motion.kind === "remove") return without({ ...state, motions }, motion.subject);
    ensure(members < MAX_MEMBERS, "LIMIT_REACHED", `the consortium has ${MAX_MEMBERS} members`);
    return { ...state, motions, roster: [...state.roster, motion.subject] };
  }
  if ((members - motion.against.length) * 2 <= members) {
    return { ...state, motions: state.motions.filter((other) => other !== motion) };
  }
  return state;
}

/** The consortium without a department: its votes and its own motions go with it. */
function without(state: ConsortiumState, department: MspId): ConsortiumState {
  const others = (voters: readonly MspId[]) => voters.filter((voter) => voter !== department);
  return {
    ...state,
    roster: others(state.roster),
    motions: state.motions
      .filter((motion) => motion.mover !== department && motion.subject !== department)
      .map((motion) => ({ ...motion, inFavour: others(motion.inFavour), against: others(motion.against) })),
  };
}
