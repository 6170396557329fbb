import type { Instant, MspId, TransactionId } from "@wanlian/model/identifiers.js";
import type { Actor, CaseRef, CaseState } from "@wanlian/model/kernel/act.js";
import type { Heads } from "@wanlian/model/kernel/heads.js";
import { type ApplicationState, owesReview } from "@wanlian/model/model-1/application/application-schema.js";
import type { ConsortiumState } from "@wanlian/model/model-1/consortium/consortium.js";
import { type Deadline, MAX_URGES } from "@wanlian/model/model-1/deadlines.js";
import type { DemandState } from "@wanlian/model/model-1/demand/demand.js";
import { type MandateState, mandateHolds } from "@wanlian/model/model-1/mandate/mandate.js";
import type { MemberState } from "@wanlian/model/model-1/member/member.js";
import type { ObjectionState } from "@wanlian/model/model-1/objection/objection-schema.js";
import { reading1 } from "@wanlian/model/model-1/reading.js";
import type { NounName } from "@wanlian/model/model-1/states.js";
import type { SuggestionState } from "@wanlian/model/model-1/suggestion/suggestion.js";
import { dayOf, secondsBetween } from "@wanlian/model/time/instant.js";
import { expect } from "chai";
import {
  application,
  BUREAU,
  CIVIL,
  claim,
  DIVISIONS,
  divisions,
  FOUNDERS,
  grant,
  HEALTH,
  HOLIDAYS,
  note,
  objection,
  officers,
  open,
  POLICE,
  release,
  YEAR_2026,
} from "./bodies.js";
import { type Attempt, explore, type Graph, type Node, type Stage, stuck, TIME } from "./state-graph.js";
import { type Asked, officer, World } from "./world.js";

const steward = officer(CIVIL, "steward");
const user = officer(HEALTH, "user");
const bureau = officer(BUREAU, "steward", "administrator");
const basis = "data-security-law-21";

const YEAR_2027 = { ...YEAR_2026, year: 2027, holidays: ["2027-10-01"], makeUpDays: ["2027-10-09"] };

/** Begins a case in a world of its own, and lets time pass: the stages of the search. */
function staged(
  policy: object,
  begin: (world: World) => CaseRef,
): { readonly ref: CaseRef; readonly stages: readonly Stage[]; readonly begun: CaseState } {
  const at = (...passing: readonly ((world: World) => void)[]) => {
    const world = World.withDataset(divisions, { ...policy, verificationExtension: { workingDays: 5, article: "a" } });
    world.act(steward, { noun: "dataset", type: "register", body: open });
    const ref = begin(world);
    for (const pass of passing) pass(world);
    return { world, ref };
  };
  const to = (time: string) => (world: World) => world.tick(time);
  const announce = (world: World) =>
    void world.act(bureau, { noun: "policy", type: "announce", body: YEAR_2027 } satisfies Asked);
  const courses = [
    at(),
    // What began on 28 September is overdue; what begins now runs past the calendar.
    at(to("2026-12-24T01:00:00Z")),
    // The year is over, with its grants; nobody has announced the next.
    at(to("2027-03-01T01:00:00Z")),
    at(to("2027-09-01T01:00:00Z"), announce),
  ];
  const [first] = courses;
  if (!first) throw new Error("there is a first stage");
  return {
    ref: first.ref,
    begun: first.world.state(first.ref.noun as NounName, first.ref.case),
    stages: courses.map(({ world }) => ({ time: world.state("clock", "clock").time, heads: (ref) => world.head(ref) })),
  };
}

interface Awaited {
  readonly deadlines: readonly Deadline[];
  readonly answer?: { readonly at: Instant };
}

/**
 * What of deadlines and answers decides anything later: deadlines that run, whether they were urged and can be again,
 * and those that saying "not received" would take up again, as long as it can be said.
 */
function pending({ deadlines, answer }: Awaited, { time }: Stage): object {
  const fresh = answer?.at === time;
  return {
    answer: fresh,
    deadlines: deadlines.map(({ kind, due, urged = 0, ended }) => {
      if (ended === undefined) return [kind, due, Math.sign(urged) + Math.floor(urged / MAX_URGES)];
      return fresh && ended === time ? [kind, due] : [kind];
    }),
  };
}

const running = ({ deadlines }: { readonly deadlines: readonly Deadline[] }) =>
  deadlines.filter(({ ended }) => ended === undefined);

const doing =
  (who: string, actor: Actor) =>
  (type: string, body: object = {}): Attempt => ({ who, actor, type, body });
const consumer = doing("consumer", user);
const provider = doing("provider", steward);
const supervisor = doing("bureau", bureau);

/** With each of these keeping silent for ever, having left or not, an end has to be in reach for the others. */
const SILENT = [["consumer"], ["provider"], ["consumer", "provider"], ["bureau"]] as const;

function expectEnds<S extends CaseState>(graph: Graph<S>, isEnd: (node: Node<S>) => boolean, taken: readonly string[]) {
  expect([...graph.taken].sort()).to.deep.equal([...taken].sort());
  for (const silent of SILENT) {
    const [first] = stuck(graph, silent, isEnd);
    const where = first && `${first.state.status} by ${first.path.join(", ")}`;
    expect(where, `without the ${silent.join(" and the ")}`).to.equal(undefined);
  }
}

/** At the last stage no more time passes: there only what waits for nothing further is tried. */
function atLast(
  stages: readonly Stage[],
  stage: Stage | undefined,
  attempts: readonly Attempt[],
  closing: readonly string[],
): readonly Attempt[] {
  return stage === stages.at(-1)
    ? attempts.filter(({ type, closes }) => closes === true || closing.includes(type))
    : attempts;
}

/** All deadlines of the policy, and none: a kind that the policy does not know never passes. */
const POLICIES = { "with every deadline": {}, "without deadlines": { deadlines: [] } } as const;

for (const [name, policy] of Object.entries(POLICIES)) {
  describe(`endings, ${name}`, () => {
    const begun = (noun: NounName, type: string, body: object, actor = user) =>
      staged(policy, (world) => ({ noun, case: world.act(actor, { noun, type, body }).case }));

    for (const [type, body] of [
      ["apply", application],
      ["claim", claim(HOLIDAYS)],
      ["declareEmergency", { ...claim(DIVISIONS), to: "2026-10-05" }],
    ] as const) {
      it(`an application (${type}) has one from every state`, () => {
        const { ref, stages, begun: first } = begun("application", type, body);
        const state = first as ApplicationState;
        const worn = { questions: 0, notReceived: 2, suspensions: 99, reports: 999, renewals: 19 };
        const graph = explore({
          ref,
          stages,
          partly: ["requestRenewal"],
          begun: type === "apply" ? [state] : [state, { ...state, times: worn }],
          attempts: (current, stage) =>
            atLast(stages, stage, applicationAttempts(current, stage.time, body.dataset), [
              ...["urge", "discontinue", "withdraw", "refuse", "declineRenewal", "review", "revoke"],
            ]),
          key: ({ times, wish: _wish, refusal: _refusal, ...rest }, stage) => ({
            ...rest,
            ...pending(rest, stage),
            ...{ reported: rest.reported?.slice(0, 7) },
            ...{ asked: times.questions, missed: times.notReceived, worn: times.suspensions > 90 },
            full: [times.suspensions === 100, times.reports === 1000, times.renewals === 20],
          }),
        });
        const granted = ["withdraw", "revoke", "suspend", "resume", "reportUse", "discontinue"];
        const applied = ["grant", "refuse", "requestMore", "supplement", "notReceived"];
        const renewing = ["requestRenewal", "renew", "declineRenewal"];
        const urged = name === "with every deadline" ? ["urge"] : [];
        expectEnds(graph, isApplicationOver(stages), [
          ...granted,
          ...(type === "declareEmergency" ? ["review", ...urged] : [...renewing, ...urged]),
          ...(type === "apply" ? applied : []),
        ]);
      }).timeout(120_000);
    }

    it("an objection has one from every state", () => {
      const {
        ref,
        stages,
        begun: first,
      } = staged(policy, (world) => {
        const { case: subject } = world.act(steward, { noun: "release", type: "register", body: release });
        const { case: id } = world.act(user, { noun: "objection", type: "raise", body: objection(subject) });
        return { noun: "objection", case: id };
      });
      const corrections = ["a", "b", "c"].map((character) => character.repeat(64));
      const graph = explore({
        ref,
        stages: stages.map(({ time, heads }) => ({ time, heads: withCorrections(heads, ref.case, corrections) })),
        begun: [first as ObjectionState],
        attempts: (state, { time }) =>
          atLast(
            stages,
            stages.find((stage) => stage.time === time),
            objectionAttempts(state, corrections),
            [...["urge", "discontinue", "close", "withdraw", "confirm"]],
          ),
        key: (state, stage) => ({ ...state, ...pending(state, stage) }),
      });
      expectEnds(
        graph,
        ({ state }) => ["closed", "withdrawn", "discontinued"].includes(state.status) && running(state).length === 0,
        [
          ...["accept", "extend", "conclude", "correct", "confirm", "dispute", "notReceived", "settle", "withdraw"],
          ...["urge", "close", "discontinue"],
        ].filter((type) => name === "with every deadline" || (type !== "urge" && type !== "extend")),
      );
    }).timeout(120_000);

    it("a demand has one from every state", () => {
      const wanted = { name: "births", description: "by day", purpose: "analysis", duty: "planning", addressee: CIVIL };
      const { ref, stages, begun: first } = begun("demand", "publish", wanted);
      const graph = explore({
        ref,
        stages,
        begun: [first as DemandState],
        attempts: () => [
          provider("match", { dataset: DIVISIONS }),
          provider("decline", { reasons: note }),
          consumer("withdraw"),
          supervisor("urge"),
          supervisor("discontinue", { reasons: note }),
        ],
      });
      const urged = name === "with every deadline" ? ["urge"] : [];
      expectEnds(graph, ({ state }) => state.status !== "published" && running(state).length === 0, [
        ...["match", "decline", "withdraw", "discontinue"],
        ...urged,
      ]);
    });

    it("a suggestion has one from every state", () => {
      const { ref, stages, begun: first } = begun("suggestion", "make", { dataset: DIVISIONS, suggestion: note });
      const graph = explore({
        ref,
        stages,
        begun: [first as SuggestionState],
        attempts: () => [
          provider("answer", { decision: "adopted", reasons: note }),
          consumer("withdraw"),
          supervisor("urge"),
          supervisor("discontinue", { reasons: note }),
        ],
      });
      const urged = name === "with every deadline" ? ["urge"] : [];
      expectEnds(graph, ({ state }) => state.status !== "made" && running(state).length === 0, [
        ...["answer", "withdraw", "discontinue"],
        ...urged,
      ]);
    });

    it("a mandate has one from every state", () => {
      const period = { from: "2026-09-28T00:00:00Z", to: "2029-01-01T00:00:00Z", reason: "joint registration" };
      const body = { agent: HEALTH, datasets: [DIVISIONS], purposes: ["verification"], ...period };
      const { ref, stages, begun: first } = begun("mandate", "delegate", body, steward);
      const graph = explore({
        ref,
        stages,
        begun: [first as MandateState],
        attempts: () => [provider("revoke"), supervisor("revoke")],
      });
      expectEnds(graph, ({ state, stage }) => !mandateHolds(state, stages[stage]?.time as Instant), ["revoke"]);
    });
  });
}

const isApplicationOver =
  (stages: readonly Stage[]) =>
  ({ state, stage }: Node<ApplicationState>): boolean => {
    if (owesReview(state) || running(state).length > 0) return false;
    const time = stages[stage]?.time as Instant;
    const holds = ["granted", "suspended"].includes(state.status) && time <= (state.grant?.to as Instant);
    return !holds && !["applied", "incomplete"].includes(state.status);
  };

function applicationAttempts(state: ApplicationState, time: Instant, dataset: string): Attempt[] {
  const today = dayOf(time);
  const later = { to: "2027-12-31", frequency: grant.frequency };
  const reasons = { reasons: note };
  const begins = state.grant === undefined ? today : dayOf(state.grant.from);
  const report = { from: begins, to: begins, calls: 1, rows: 1, effect: note };
  const upToDate = { ...report, to: today < "2026-12-31" ? today : "2026-12-31" };
  const bySupervisors = [provider, supervisor].flatMap((by) => [
    by("suspend", reasons),
    by("resume"),
    by("revoke", { ...reasons, basis }),
    by("review", { outcome: "justified", ...reasons }),
    by("review", { outcome: "unjustified", ...reasons }),
    by("discontinue", reasons),
  ]);
  return [
    provider("grant", { ...grant, dataset, from: today > "2026-12-31" ? "2026-12-31" : today }),
    provider("refuse", { dataset, ...reasons, basis }),
    provider("requestMore", { questions: note }),
    consumer("supplement", { answers: note }),
    consumer("notReceived", { act: state.answer?.act ?? 1 }),
    consumer("withdraw"),
    consumer("reportUse", report),
    consumer("reportUse", upToDate),
    consumer("requestRenewal", later),
    provider("renew", { dataset, ...later }),
    provider("declineRenewal", { ...reasons, basis }),
    supervisor("urge"),
    ...bySupervisors,
  ];
}

function objectionAttempts(state: ObjectionState, corrections: readonly string[]): Attempt[] {
  const reasons = { reasons: note };
  return [
    provider("accept"),
    provider("extend", reasons),
    ...["substantiated", "unsubstantiated"].map((outcome) => provider("conclude", { outcome, ...reasons })),
    ...corrections
      .slice(state.corrections.length, state.corrections.length + 1)
      .map((correction) => provider("correct", { release: correction })),
    consumer("confirm"),
    consumer("dispute", reasons),
    consumer("notReceived", { act: state.answer?.act ?? 1 }),
    consumer("withdraw"),
    supervisor("settle", { decision: "upheld", ...reasons }),
    { ...supervisor("settle", { decision: "dismissed", ...reasons }), closes: true },
    supervisor("urge"),
    provider("close"),
    supervisor("close"),
    supervisor("discontinue", reasons),
  ];
}

/** Releases that cite the objection as what they correct. */
function withCorrections(heads: Heads, id: string, corrections: readonly string[]): Heads {
  const { fields, rows } = release;
  const state = {
    ...{ status: "registered", dataset: DIVISIONS, provider: CIVIL, version: 1, root: release.root, rows },
    ...{ fields: fields.map(({ name }) => name), derivedFrom: [], objection: id as TransactionId },
  };
  return (ref) =>
    ref.noun === "release" && corrections.includes(ref.case)
      ? { act: 1, transaction: "0".repeat(64) as TransactionId, next: 2, state }
      : heads(ref);
}

describe("endings of a member's case", () => {
  const everybody = [BUREAU, CIVIL, POLICE, HEALTH];
  const remains: readonly (readonly string[])[] = everybody.map((one) => [one]);
  const ref = { noun: "member", case: HEALTH };
  const gone = (how: "left" | "removed") => {
    const world = World.opened();
    const consortium = (who: string, type: string, body: object) =>
      world.act(officer(who, "administrator"), { noun: "consortium", type, body }).number;
    if (how === "left") consortium(HEALTH, "leave", {});
    else {
      const motion = consortium(CIVIL, "propose", { kind: "remove", subject: HEALTH, name: "health" });
      for (const voter of [BUREAU, POLICE]) consortium(voter, "vote", { motion, vote: "inFavour" });
    }
    return world;
  };

  for (const how of ["left", "removed"] as const) {
    it(`are to be had by any one node alone, whoever keeps silent, once it has ${how}`, () => {
      const world = gone(how);
      const at: Stage = { time: world.state("clock", "clock").time, heads: (asked) => world.head(asked) };
      const graph = explore<MemberState>({
        ref,
        stages: [at, at],
        partly: ["update"],
        begun: [world.state("member", HEALTH)],
        attempts: () => [
          ...everybody.map((one) => ({
            ...{ who: one, actor: officer(one, "node"), type: "depart", body: { department: HEALTH } },
          })),
          { who: HEALTH, actor: officer(HEALTH, "administrator"), type: "update", body: { ...officers, deputy: "5" } },
        ],
      });
      for (const silent of [[], ...remains.map(([one]) => everybody.filter((other) => other !== one))]) {
        expect(stuck(graph, silent, ({ state }) => state.status === "departed")).to.deep.equal([]);
      }
    });
  }
});

describe("endings of the consortium", () => {
  const RAIL = "RailMSP";
  const DAY = 24 * 60 * 60;
  /** Who does something; the health commission is there and keeps silent, the railways never came. */
  const present = [BUREAU, CIVIL, POLICE];
  const at = (time: string): Stage => {
    const world = World.opened({ founders: [...FOUNDERS, RAIL] });
    world.act(officer(BUREAU), { noun: "consortium", type: "propose", body: admit("TaxMSP") });
    if (time > "2026-09-28T01:00:00Z") world.tick(time);
    return { time: world.state("clock", "clock").time, heads: (ref) => world.head(ref) };
  };
  const admit = (subject: string) => ({ kind: "admit", subject, name: subject });
  const remove = (subject: string) => ({ kind: "remove", subject, name: subject });
  const stages = ["2026-09-28T01:00:00Z", "2026-11-01T01:00:00Z", "2026-12-10T01:00:00Z"].map(at);
  const last = stages.at(-1);
  const [start] = stages;
  const ref = { noun: "consortium", case: "consortium" };
  const begun = start?.heads(ref).state as ConsortiumState;

  const graph = explore<ConsortiumState>({
    ref,
    stages,
    begun: [begun],
    partly: ["giveUpSeat", "propose"],
    attempts: (state, stage) =>
      present.flatMap((department) => {
        const act = doing(department, officer(department, "administrator"));
        if (stage === last) return [act("giveUpSeat", { department: RAIL })];
        return [
          ...(department === CIVIL ? [act("propose", remove(POLICE))] : []),
          ...state.motions.flatMap(({ number }) => [
            act("vote", { motion: number, vote: "inFavour" }),
            act("vote", { motion: number, vote: "against" }),
            act("withdraw", { motion: number }),
          ]),
          act("leave"),
          act("giveUpSeat", { department: RAIL }),
        ];
      }),
    key: ({ roster, motions }) => [roster, motions],
  });
  const time = (stage: number) => stages[stage]?.time as Instant;
  const isOpen = ({ stage }: Node<ConsortiumState>, { moved }: ConsortiumState["motions"][number]) =>
    secondsBetween(moved, time(stage)) <= 30 * DAY;

  it("hold no motion that is decided already, nor the vote or motion of who has left", () => {
    expect(graph.nodes.length).to.be.greaterThan(200);
    for (const { state, path } of graph.nodes) {
      const members = state.roster.length;
      for (const { mover, inFavour, against } of reading1.motions(state)) {
        const where = path.join(", ");
        expect(inFavour.length * 2 <= members, `${where}: carried`).to.equal(true);
        expect((members - against.length) * 2 > members, `${where}: lost`).to.equal(true);
        const gone = [mover, ...inFavour, ...against].filter((voter) => !state.roster.includes(voter as MspId));
        expect(gone, where).to.deep.equal([]);
      }
    }
  });

  it("come to every motion by time alone", () => {
    const everybody = present.map(String);
    expect(stuck(graph, everybody, (node) => !node.state.motions.some((motion) => isOpen(node, motion)))).to.deep.equal(
      [],
    );
  });

  it("leave nobody in the roster who never came, if the bureau is all that is left", () => {
    const others = present.filter((department) => department !== BUREAU);
    const [first] = stuck(graph, others, ({ state }) => !state.roster.includes(RAIL as MspId));
    expect(first?.path).to.equal(undefined);
    expect(graph.edges.some(({ who }) => who === TIME)).to.equal(true);
  });
});
