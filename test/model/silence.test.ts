import type { Instant } from "@wanlian/model/identifiers.js";
import { currentDeadline, type Deadline, isLate, isOverdue } from "@wanlian/model/model-1/deadlines.js";
import { model1 } from "@wanlian/model/model-1/model.js";
import { isOpenObjection } from "@wanlian/model/model-1/objection/objection-schema.js";
import { expect } from "chai";
import {
  application,
  BUREAU,
  CIVIL,
  claim,
  DIVISIONS,
  divisions,
  grant,
  HEALTH,
  note,
  objection,
  officers,
  POLICE,
  release,
  YEAR_2026,
} from "./bodies.js";
import { officer, World } from "./world.js";

const steward = officer(CIVIL, "steward");
const user = officer(HEALTH, "user");
const bureau = officer(BUREAU, "steward", "administrator");
const basis = "data-security-law-21";
const YEAR_2027 = { ...YEAR_2026, year: 2027, holidays: ["2027-01-01"], makeUpDays: [] };
const demanded = { name: "births", description: "by day", purpose: "analysis", duty: "planning", addressee: CIVIL };

function acting(world: World, noun: string, id: string) {
  return {
    step: (type: string, actor = steward, body: object = {}) => world.act(actor, { noun, type, case: id, body }),
    refused: (type: string, actor = steward, body: object = {}) =>
      world.refusal(actor, { noun, type, case: id, body }).code,
  };
}

describe("the calendar", () => {
  const announce = (world: World, body: object) => world.act(bureau, { noun: "policy", type: "announce", body });
  const refusal = (world: World, body: object, actor = bureau) =>
    world.refusal(actor, { noun: "policy", type: "announce", body }).code;

  it("begins with the year that the channel is opened in, in China", () => {
    const opening = (change: object) => {
      try {
        World.opened(change);
        return undefined;
      } catch (error) {
        return (error as { code?: string }).code;
      }
    };
    expect(opening({ calendar: [YEAR_2027] })).to.equal("INVALID_INPUT");
    expect(opening({ calendar: [{ ...YEAR_2026, year: 2025, holidays: ["2025-10-01"], makeUpDays: [] }] })).to.equal(
      "INVALID_INPUT",
    );
    expect(opening({ calendar: [YEAR_2026, { ...YEAR_2027, year: 2028 }] })).to.equal("INVALID_INPUT");
    expect(opening({ calendar: [{ ...YEAR_2026, holidays: [] }] })).to.equal("INVALID_INPUT");
    expect(opening({ calendar: [{ ...YEAR_2026, holidays: ["2026-02-30"] }] })).to.equal("INVALID_INPUT");
    expect(opening({ endorsers: 5 })).to.equal("INVALID_INPUT");
    expect(opening({ calendar: [YEAR_2026, YEAR_2027], endorsers: 4 })).to.equal(undefined);
    // 31 December, 17:00 UTC, is New Year's Day in China.
    const late = World.opened({ opened: "2026-09-27T16:00:00Z" });
    expect(late.state("policy", "policy").calendar[0]?.year).to.equal(2026);
  });

  it("grows by the next year alone, once it can have been announced, and by the bureau", () => {
    const world = World.opened();
    expect(refusal(world, YEAR_2027, officer(CIVIL))).to.equal("NOT_OWNER");
    expect(refusal(world, { ...YEAR_2027, year: 2028, holidays: ["2028-01-03"] })).to.equal("TOO_EARLY");
    expect(refusal(world, { ...YEAR_2027, holidays: ["2026-10-01"] })).to.equal("INVALID_INPUT");
    expect(refusal(world, { ...YEAR_2027, holidays: ["2027-01-02"] })).to.equal("INVALID_INPUT");
    expect(refusal(world, YEAR_2026)).to.equal("UNCHANGED");
    announce(world, YEAR_2027);
    world.tick("2030-06-01T00:00:00Z");
    expect(refusal(world, { ...YEAR_2027, year: 2030, holidays: ["2030-01-01"] })).to.equal("MISMATCH");
    expect(refusal(world, { ...YEAR_2026, makeUpDays: [] })).to.equal("TOO_LATE");
    announce(world, { ...YEAR_2027, year: 2028, holidays: ["2028-01-03"] });
  });

  it("takes later notices on a year, few of them", () => {
    const world = World.opened();
    announce(world, { ...YEAR_2026, makeUpDays: [] });
    announce(world, YEAR_2026);
    expect(refusal(world, { ...YEAR_2026, makeUpDays: [] })).to.equal("LIMIT_REACHED");
  });

  it("is a task of the bureau's, due two weeks before it ends", () => {
    const world = World.opened();
    const duty = () => {
      const ref = { noun: "policy", case: "policy" };
      return model1.nouns.policy?.describe(ref, world.state("policy", "policy"), {}).deadlines[0];
    };
    expect(duty()).to.include({ kind: "calendarExtension", owner: "bureau", due: "2026-12-15T15:59:59Z" });
    announce(world, YEAR_2027);
    expect(duty()).to.include({ due: "2027-12-15T15:59:59Z", start: "2026-09-28T01:00:00Z" });
  });
});

describe("a deadline beyond the announced years", () => {
  function applied(policy: object = {}) {
    const world = World.withDataset(divisions, policy);
    world.tick("2026-12-30T01:00:00Z");
    const body = { ...application, from: "2026-12-30", to: "2027-12-31" };
    const { case: id } = world.act(user, { noun: "application", type: "apply", body });
    const current = (): Deadline => {
      const [deadline] = world.state("application", id).deadlines;
      if (!deadline) throw new Error("an application has a deadline");
      return currentDeadline(deadline, world.state("policy", "policy").calendar);
    };
    const announce = (body: object = YEAR_2027) => world.act(bureau, { noun: "policy", type: "announce", body });
    return { world, id, current, announce, ...acting(world, "application", id) };
  }

  it("is provisional: nobody is late for it, however much time goes by", () => {
    const { world, current, refused, step } = applied();
    expect(current()).to.deep.include({ due: "2027-01-04T15:59:59Z", provisional: true, workingDays: 5 });
    world.tick("2027-06-01T01:00:00Z");
    expect(isOverdue(current(), "2027-06-01T01:00:00Z" as Instant)).to.equal(false);
    expect(refused("urge", bureau)).to.equal("TOO_EARLY");
    step("grant", steward, { ...grant, from: "2027-06-01", to: "2027-12-31" });
    expect(isLate(current(), "2027-06-02T01:00:00Z" as Instant)).to.equal(false);
  });

  it("becomes firm by the calendar's act, without an act of its case", () => {
    const { world, current, announce, step, refused } = applied();
    world.tick("2027-06-01T01:00:00Z");
    announce();
    // 31 December, then 4 (the first is a holiday), 5, 6, 7 January.
    expect(current()).to.deep.include({ due: "2027-01-07T15:59:59Z" });
    expect(current()).not.to.have.property("provisional");
    step("urge", bureau);
    step("discontinue", bureau, { reasons: note });
    expect(refused("urge", bureau)).to.equal("WRONG_STATE");
  });

  it("lets its provider conclude in the last days of the calendar, and start the next deadline", () => {
    const world = World.withDataset(divisions);
    const { case: first } = world.act(steward, { noun: "release", type: "register", body: release });
    const { case: id } = world.act(user, { noun: "objection", type: "raise", body: objection(first) });
    const { step } = acting(world, "objection", id);
    step("accept");
    world.tick("2026-12-31T01:00:00Z");
    step("conclude", steward, { outcome: "unsubstantiated", reasons: note });
    const confirmation = world.state("objection", id).deadlines.find(({ kind }) => kind === "objectionConfirmation");
    expect(confirmation).to.include({ due: "2027-01-05T15:59:59Z", provisional: true });
    // That the text did not come can be said as long as nobody knows when a working day is over.
    world.tick("2027-01-05T01:00:00Z");
    step("notReceived", user, { act: 3 });
  });

  for (const [laterNotices, moved] of [
    ["stand", "2026-10-10T15:59:59Z"],
    ["recompute", "2026-10-12T15:59:59Z"],
  ] as const) {
    it(`that runs while a later notice comes: ${laterNotices}`, () => {
      const world = World.withDataset(divisions, { laterNotices });
      const { case: id } = world.act(user, { noun: "application", type: "apply", body: application });
      const current = () =>
        currentDeadline(
          world.state("application", id).deadlines[0] as Deadline,
          world.state("policy", "policy").calendar,
        );
      expect(current().due).to.equal("2026-10-10T15:59:59Z");
      world.tick("2026-09-29T01:00:00Z");
      // The make-up day is taken back.
      world.act(bureau, { noun: "policy", type: "announce", body: { ...YEAR_2026, makeUpDays: [] } });
      expect(current().due).to.equal(moved);
      // What begins from now on counts by what is known now, either way.
      const { case: later } = world.act(user, {
        noun: "application",
        type: "apply",
        body: { ...application, from: "2026-09-29" },
      });
      expect(world.state("application", later).deadlines[0]?.due).to.equal("2026-10-13T15:59:59Z");
      const { step } = acting(world, "application", id);
      step("refuse", steward, { dataset: DIVISIONS, reasons: note, basis });
      expect(world.state("application", id).deadlines[0]).to.include({ due: moved, ended: "2026-09-29T01:00:00Z" });
    });
  }
});

describe("what is overdue", () => {
  const world = () => World.withDataset(divisions);
  const cases: Readonly<Record<string, (at: World) => { noun: string; case: string }>> = {
    "an application": (at) => at.act(user, { noun: "application", type: "apply", body: application }),
    "an emergency's review": (at) =>
      at.act(user, { noun: "application", type: "declareEmergency", body: { ...claim(DIVISIONS), to: "2026-10-05" } }),
    "an objection": (at) => {
      const { case: first } = at.act(steward, { noun: "release", type: "register", body: release });
      return at.act(user, { noun: "objection", type: "raise", body: objection(first) });
    },
    "a demand": (at) => at.act(user, { noun: "demand", type: "publish", body: demanded }),
    "a suggestion": (at) =>
      at.act(user, { noun: "suggestion", type: "make", body: { dataset: DIVISIONS, suggestion: note } }),
  };
  for (const [what, begin] of Object.entries(cases)) {
    it(`is urged by the bureau, three times, once it is: ${what}`, () => {
      const at = world();
      const { noun, case: id } = begin(at);
      const { step, refused } = acting(at, noun, id);
      at.tick("2026-10-10T15:59:59Z");
      expect(refused("urge", bureau)).to.equal("TOO_EARLY");
      at.tick("2026-10-10T16:00:00Z");
      expect(refused("urge", steward)).to.equal("NOT_OWNER");
      expect(refused("urge", officer(BUREAU, "user"))).to.equal("NOT_PERMITTED");
      for (const urged of [1, 2, 3]) {
        step("urge", bureau);
        const { deadlines } = at.state(noun as "demand", id);
        expect(deadlines.map((deadline) => deadline.urged)).to.deep.equal([urged]);
      }
      expect(refused("urge", bureau)).to.equal("LIMIT_REACHED");
    });
  }

  it("is ended by the bureau only after it was urged", () => {
    const at = world();
    const { case: id } = at.act(user, { noun: "demand", type: "publish", body: demanded });
    const { step, refused } = acting(at, "demand", id);
    expect(refused("discontinue", bureau, { reasons: note })).to.equal("TOO_EARLY");
    at.tick("2026-10-12T01:00:00Z");
    expect(refused("discontinue", bureau, { reasons: note })).to.equal("TOO_EARLY");
    step("urge", bureau);
    step("discontinue", bureau, { reasons: note });
    const { status, deadlines } = at.state("demand", id);
    expect({ status, ended: deadlines[0]?.ended }).to.deep.equal({
      status: "discontinued",
      ended: "2026-10-12T01:00:00Z",
    });
  });

  it("does not let a provider end what it left unanswered itself, nor what it has just asked about", () => {
    const at = world();
    const { case: id } = at.act(user, { noun: "application", type: "apply", body: application });
    const { step, refused } = acting(at, "application", id);
    const reasons = { reasons: note };
    at.tick("2026-10-12T01:00:00Z");
    expect(refused("discontinue", steward, reasons)).to.equal("TOO_EARLY");
    step("requestMore", steward, { questions: note });
    expect(refused("discontinue", steward, reasons)).to.equal("TOO_EARLY");
    at.tick("2026-10-27T01:00:00Z");
    step("discontinue", steward, reasons);
  });

  it("does not let a provider end by asking where the policy sets no time for the answer", () => {
    const at = World.withDataset(divisions, { deadlines: [] });
    const { case: id } = at.act(user, { noun: "application", type: "apply", body: application });
    const { step, refused } = acting(at, "application", id);
    step("requestMore", steward, { questions: note });
    expect(refused("discontinue", steward, { reasons: note })).to.equal("TOO_EARLY");
    step("discontinue", bureau, { reasons: note });
  });

  it("does not end a grant that holds, but what is left of one that is over", () => {
    const at = world();
    const { case: id } = at.act(user, { noun: "application", type: "apply", body: application });
    const { step, refused } = acting(at, "application", id);
    step("grant", steward, { ...grant, to: "2026-10-31" });
    expect(refused("discontinue", bureau, { reasons: note })).to.equal("TOO_EARLY");
    at.tick("2026-10-31T16:00:00Z");
    step("discontinue", bureau, { reasons: note });
  });

  it("is closed for an objector that has not answered in time, by the provider or the bureau", () => {
    for (const closer of [steward, bureau]) {
      const at = world();
      const { case: first } = at.act(steward, { noun: "release", type: "register", body: release });
      const { case: id } = at.act(user, { noun: "objection", type: "raise", body: objection(first) });
      const { step, refused } = acting(at, "objection", id);
      step("accept");
      step("conclude", steward, { outcome: "unsubstantiated", reasons: note });
      expect(refused("close", closer)).to.equal("TOO_EARLY");
      at.tick("2026-10-10T16:00:00Z");
      expect(refused("close", officer(POLICE))).to.equal("NOT_OWNER");
      step("close", closer);
      expect(isOpenObjection(at.state("objection", id))).to.equal(false);
    }
  });

  it("keeps its label where data was found wrong and never corrected", () => {
    const at = world();
    const { case: first } = at.act(steward, { noun: "release", type: "register", body: release });
    for (const [outcome, label] of [
      ["substantiated", true],
      ["partly", true],
    ] as const) {
      const { case: id } = at.act(user, { noun: "objection", type: "raise", body: objection(first) });
      const { step } = acting(at, "objection", id);
      step("accept");
      step("conclude", steward, { outcome, reasons: note });
      at.tick(outcome === "partly" ? "2026-11-30T01:00:00Z" : "2026-10-20T01:00:00Z");
      step("urge", bureau);
      step("discontinue", bureau, { reasons: note });
      expect(isOpenObjection(at.state("objection", id)), outcome).to.equal(label);
    }
    const { case: unanswered } = at.act(user, { noun: "objection", type: "raise", body: objection(first) });
    at.tick("2026-12-20T01:00:00Z");
    const { step } = acting(at, "objection", unanswered);
    step("urge", bureau);
    step("discontinue", bureau, { reasons: note });
    expect(isOpenObjection(at.state("objection", unanswered))).to.equal(false);
  });

  it("never ends an emergency that is owed its review, whatever the policy's deadlines", () => {
    for (const policy of [{}, { deadlines: [] }]) {
      const at = World.withDataset(divisions, policy);
      const body = { ...claim(DIVISIONS), to: "2026-10-05" };
      const { case: id } = at.act(user, { noun: "application", type: "declareEmergency", body });
      const { step, refused } = acting(at, "application", id);
      at.tick("2026-11-30T01:00:00Z");
      expect(refused("withdraw", user)).to.equal("WRONG_STATE");
      expect(refused("discontinue", bureau, { reasons: note })).to.equal("WRONG_STATE");
      step("review", bureau, { outcome: "justified", reasons: note });
      step("withdraw", user);
    }
  });
});

describe("who has gone", () => {
  const act = (world: World, who: string, type: string, body: object) =>
    world.act(officer(who, "administrator"), { noun: "consortium", type, body });
  const refusal = (world: World, who: string, type: string, body: object) =>
    world.refusal(officer(who, "administrator"), { noun: "consortium", type, body }).code;
  const admit = (subject: string) => ({ kind: "admit", subject, name: subject });
  const motions = (world: World) => world.state("consortium", "consortium").motions;

  it("is not counted any more: a motion whose opponents left is carried, one whose supporters left is lost", () => {
    const carried = World.opened();
    const { number } = act(carried, BUREAU, "propose", admit("TaxMSP"));
    act(carried, CIVIL, "vote", { motion: number, vote: "inFavour" });
    act(carried, POLICE, "leave", {});
    expect(carried.state("consortium", "consortium").roster).to.include("TaxMSP"); // two of three
    const lost = World.opened();
    const motion = act(lost, BUREAU, "propose", admit("TaxMSP")).number;
    act(lost, POLICE, "vote", { motion, vote: "against" });
    act(lost, CIVIL, "vote", { motion, vote: "inFavour" });
    act(lost, CIVIL, "leave", {});
    expect(motions(lost)).to.have.length(1); // one against of three
    act(lost, HEALTH, "leave", {});
    expect(motions(lost)).to.deep.equal([]); // one of two cannot become more than half
  });

  it("neither moves nor votes, though nobody has closed its case yet", () => {
    const world = World.opened();
    act(world, HEALTH, "leave", {});
    expect(world.state("member", HEALTH).status).to.equal("active");
    expect(refusal(world, HEALTH, "propose", admit("TaxMSP"))).to.equal("NOT_A_MEMBER");
    const { number } = act(world, BUREAU, "propose", admit("TaxMSP"));
    expect(refusal(world, HEALTH, "vote", { motion: number, vote: "inFavour" })).to.equal("NOT_A_MEMBER");
    world.tick("2026-11-30T01:00:00Z");
    expect(refusal(world, HEALTH, "giveUpSeat", { department: POLICE })).to.equal("NOT_A_MEMBER");
  });

  it("or never came loses the seat after thirty days, and may not tick the clock for longer", () => {
    const world = World.opened({ founders: [BUREAU, CIVIL, POLICE, HEALTH, "RailMSP", "PortMSP"] });
    const seat = { department: "RailMSP" };
    const tick = { noun: "clock", type: "tick", body: { time: "2026-12-01T00:00:00Z" } } as const;
    world.tick("2026-10-28T00:00:00Z");
    expect(refusal(world, CIVIL, "giveUpSeat", seat)).to.equal("TOO_EARLY");
    world.act(officer("RailMSP"), { ...tick, body: { time: "2026-10-28T00:00:01Z" } });
    expect(world.refusal(officer("RailMSP"), tick).code).to.equal("NOT_A_MEMBER");
    expect(refusal(world, CIVIL, "giveUpSeat", { department: POLICE })).to.equal("WRONG_STATE");
    expect(refusal(world, CIVIL, "giveUpSeat", { department: "TaxMSP" })).to.equal("NOT_FOUND");
    act(world, CIVIL, "giveUpSeat", seat);
    expect(world.refusal(officer("RailMSP"), { noun: "member", type: "join", body: officers }).code).to.equal(
      "NOT_A_MEMBER",
    );
  });

  it("was admitted and does not come loses the seat thirty days after that", () => {
    const world = World.opened();
    world.tick("2026-11-01T00:00:00Z");
    const { number } = act(world, BUREAU, "propose", admit("TaxMSP"));
    for (const who of [CIVIL, POLICE]) act(world, who, "vote", { motion: number, vote: "inFavour" });
    world.tick("2026-12-01T00:00:00Z");
    expect(refusal(world, CIVIL, "giveUpSeat", { department: "TaxMSP" })).to.equal("TOO_EARLY");
    world.tick("2026-12-01T00:00:01Z");
    act(world, CIVIL, "giveUpSeat", { department: "TaxMSP" });
  });

  it("has moved nothing for ever: a motion lapses after thirty days, and a member has one at a time", () => {
    const world = World.opened();
    const { number } = act(world, BUREAU, "propose", admit("TaxMSP"));
    expect(refusal(world, BUREAU, "propose", admit("RailMSP"))).to.equal("LIMIT_REACHED");
    world.tick("2026-10-28T01:00:00Z");
    act(world, CIVIL, "vote", { motion: number, vote: "inFavour" });
    world.tick("2026-10-28T01:00:01Z");
    expect(refusal(world, POLICE, "vote", { motion: number, vote: "inFavour" })).to.equal("NOT_FOUND");
    expect(refusal(world, BUREAU, "withdraw", { motion: number })).to.equal("NOT_FOUND");
    act(world, BUREAU, "propose", admit("TaxMSP"));
    expect(motions(world)).to.have.length(1);
  });

  it("had given a mandate that the bureau can revoke", () => {
    const world = World.withDataset(divisions);
    const period = { from: "2026-09-28T00:00:00Z", to: "2027-09-28T00:00:00Z", reason: "joint registration" };
    const body = { agent: HEALTH, datasets: [DIVISIONS], purposes: ["verification"], ...period };
    const { case: id } = world.act(officer(POLICE, "steward"), { noun: "mandate", type: "delegate", body });
    world.act(officer(POLICE), { noun: "consortium", type: "leave" });
    const { step, refused } = acting(world, "mandate", id);
    expect(refused("revoke", steward)).to.equal("NOT_OWNER");
    step("revoke", bureau);
  });
});

describe("nothing is allowed afterwards", () => {
  it("grants, mandates and engagements begin today at the earliest, and reach three years", () => {
    const world = World.withDataset(divisions);
    const refusal = (noun: string, type: string, body: object, actor = user, id?: string) =>
      world.refusal(actor, { noun, type, body, ...(id === undefined ? {} : { case: id }) }).code;
    for (const type of ["apply", "declareEmergency"] as const) {
      const wish = type === "apply" ? application : { ...claim(DIVISIONS), to: "2026-10-05" };
      expect(refusal("application", type, { ...wish, from: "2026-09-27" }), type).to.equal("TOO_LATE");
      expect(refusal("application", type, { ...wish, from: "2023-01-01" }), type).to.equal("TOO_LATE");
      world.act(user, { noun: "application", type, body: { ...wish, from: "2026-09-28" } });
    }
    expect(refusal("application", "apply", { ...application, to: "2029-10-01" })).to.equal("LIMIT_REACHED");
    const period = { from: "2026-09-27T15:59:59Z", to: "2027-09-28T00:00:00Z" };
    const today = { ...period, from: "2026-09-27T16:00:00Z" };
    const delegated = { agent: HEALTH, datasets: [DIVISIONS], purposes: ["verification"], reason: "x" };
    const audit = { department: POLICE, officer: "9", scope: { datasets: [], departments: [CIVIL] }, reason: "x" };
    const engaged = { code: "91411300MA3X0000XX", name: "x", scope: [DIVISIONS] };
    const rights = [
      ["mandate", "delegate", delegated, steward],
      ["mandate", "appoint", audit, bureau],
      ["member", "engage", engaged, officer(CIVIL, "administrator"), CIVIL],
    ] as const;
    for (const [noun, type, body, actor, id] of rights) {
      expect(refusal(noun, type, { ...body, ...period }, actor, id), type).to.equal("TOO_LATE");
      const endless = { ...body, ...today, to: "2030-01-01T00:00:00Z" };
      expect(refusal(noun, type, endless, actor, id), type).to.equal("LIMIT_REACHED");
      world.act(actor, { noun, type, body: { ...body, ...today }, ...(id === undefined ? {} : { case: id }) });
    }
  });

  function granted() {
    const world = World.withDataset(divisions);
    const { case: id } = world.act(user, { noun: "application", type: "apply", body: application });
    const { step, refused } = acting(world, "application", id);
    step("grant", steward, { ...grant, to: "2026-10-31" });
    const report = (from: string, to: string) => ({ from, to, calls: 1, rows: 1, effect: note });
    const renewal = (to: string) => ({ to, frequency: grant.frequency });
    return { world, step, refused, report, renewal, state: () => world.state("application", id) };
  }

  it("each renewal takes a report of its own, up to a month before, within the grant's period", () => {
    const { world, step, refused, report, renewal, state } = granted();
    world.tick("2026-10-05T01:00:00Z");
    expect(refused("reportUse", user, report("2026-09-27", "2026-10-05"))).to.equal("OUT_OF_SCOPE");
    step("reportUse", user, report("2026-09-28", "2026-10-05"));
    step("requestRenewal", user, renewal("2026-12-31"));
    step("renew", steward, { dataset: DIVISIONS, ...renewal("2026-12-31") });
    expect(refused("requestRenewal", user, renewal("2027-03-31"))).to.equal("NOT_REPORTED");
    step("reportUse", user, report("2026-10-05", "2026-10-05"));
    world.tick("2026-11-06T01:00:00Z");
    expect(refused("requestRenewal", user, renewal("2027-03-31"))).to.equal("NOT_REPORTED");
    step("reportUse", user, report("2026-10-05", "2026-10-06"));
    step("reportUse", user, report("2026-09-28", "2026-09-28")); // an older one takes nothing back
    expect(state().reported).to.equal("2026-10-06");
    step("requestRenewal", user, renewal("2027-03-31"));
  });

  it("what has ended is neither asked to be renewed nor renewed", () => {
    const { world, step, refused, report, renewal } = granted();
    world.tick("2026-10-31T15:59:59Z");
    step("reportUse", user, report("2026-09-28", "2026-10-31"));
    step("requestRenewal", user, renewal("2026-12-31"));
    world.tick("2026-10-31T16:00:00Z");
    expect(refused("renew", steward, { dataset: DIVISIONS, ...renewal("2026-12-31") })).to.equal("TOO_LATE");
    step("declineRenewal", steward, { reasons: note, basis });
    expect(refused("requestRenewal", user, renewal("2026-12-31"))).to.equal("TOO_LATE");
    expect(refused("reportUse", user, report("2026-10-31", "2026-11-01"))).to.equal("OUT_OF_SCOPE");
  });

  it("a renewal is answered though the grant is suspended meanwhile", () => {
    const { step, report, renewal, state } = granted();
    step("reportUse", user, report("2026-09-28", "2026-09-28"));
    step("requestRenewal", user, renewal("2026-12-31"));
    step("suspend", bureau, { reasons: note });
    step("renew", steward, { dataset: DIVISIONS, ...renewal("2026-12-31") });
    expect(state()).to.include({ status: "suspended", suspendedBy: BUREAU });
  });

  it("a question whose text did not come was not asked", () => {
    const world = World.withDataset(divisions);
    const { case: id } = world.act(user, { noun: "application", type: "apply", body: application });
    const { step, refused } = acting(world, "application", id);
    const { number } = step("requestMore", steward, { questions: note });
    step("notReceived", user, { act: number });
    expect(world.state("application", id).deadlines.map(({ kind }) => kind)).to.deep.equal(["applicationReply"]);
    step("requestMore", steward, { questions: note });
    step("supplement", user, { answers: note });
    expect(refused("requestMore", steward, { questions: note })).to.equal("LIMIT_REACHED");
  });

  it("a correction that was disputed is never one again", () => {
    const world = World.withDataset(divisions);
    const { case: first } = world.act(steward, { noun: "release", type: "register", body: release });
    const { case: id } = world.act(user, { noun: "objection", type: "raise", body: objection(first) });
    const { step, refused } = acting(world, "objection", id);
    const correction = () =>
      world.act(steward, { noun: "release", type: "register", body: { ...release, revises: first, objection: id } })
        .case;
    step("accept");
    step("conclude", steward, { outcome: "substantiated", reasons: note });
    const corrections = [];
    for (let round = 0; round < 2; round += 1) {
      corrections.push(correction());
      step("correct", steward, { release: corrections.at(-1) });
      step("dispute", user, { reasons: note });
      step("settle", bureau, { decision: "upheld", reasons: note });
    }
    for (const earlier of corrections) expect(refused("correct", steward, { release: earlier })).to.equal("MISMATCH");
    step("correct", steward, { release: correction() });
  });

  it("a self-check has each dimension once, and data may be older than this century", () => {
    const world = World.withDataset(divisions);
    const register = (change: object) => ({ noun: "release", type: "register", body: { ...release, ...change } });
    const twice = [...release.selfCheck, ...release.selfCheck];
    expect(world.refusal(steward, register({ selfCheck: twice })).code).to.equal("INVALID_INPUT");
    expect(world.refusal(steward, register({ period: { from: "1900-02-29", to: "2022-12-31" } })).code).to.equal(
      "INVALID_INPUT",
    );
    world.act(steward, register({ period: { from: "1904-02-29", to: "2022-12-31" } }));
  });
});
