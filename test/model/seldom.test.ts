import type { Instant, TransactionId } from "@wanlian/model/identifiers.js";
import type { Actor, BasisEntry, Command } from "@wanlian/model/kernel/act.js";
import { ACTS_PER_TICK } from "@wanlian/model/model-1/limits.js";
import { expect } from "chai";
import {
  application,
  BUREAU,
  CIVIL,
  claim,
  DIVISIONS,
  digest,
  divisions,
  founding,
  grant,
  HEALTH,
  HOLIDAYS,
  note,
  objection,
  officers,
  open,
  POLICE,
  POLICY_1,
  release,
  YEAR_2026,
} from "./bodies.js";
import { officer, World } from "./world.js";

const steward = officer(CIVIL, "steward");
const user = officer(HEALTH, "user");
const bureau = officer(BUREAU, "steward", "administrator");
const administrator = (department: string) => officer(department, "administrator");
const basis = "data-security-law-21";
const frequency = grant.frequency;
const demanded = { name: "births", description: "by day", purpose: "analysis", duty: "planning", addressee: CIVIL };
const mandated = { from: "2026-09-28T00:00:00Z", to: "2027-09-28T00:00:00Z", reason: "as the tests have it" };
const operator = {
  name: "数字运营公司",
  scope: [DIVISIONS],
  from: "2026-09-28T00:00:00Z",
  to: "2027-09-28T00:00:00Z",
};
const operatorCode = (at: number) => `91411300MA3X00${String(at).padStart(4, "0")}`;

/** What happens to cases of one noun in a world. */
function of(world: World, noun: string) {
  return {
    begin: (actor: Actor, type: string, body: object) => world.act(actor, { noun, type, body }).case,
    step: (actor: Actor, id: string, type: string, body: object = {}) =>
      world.act(actor, { noun, type, case: id, body }),
    /** Ids that follow from the command are left out. */
    refused: (actor: Actor, id: string | undefined, type: string, body: object = {}) =>
      world.refusal(actor, { noun, type, ...(id === undefined ? {} : { case: id }), body }).code,
  };
}

function catalogued(policy: object = {}): World {
  const world = World.withDataset(divisions, policy);
  world.act(steward, { noun: "dataset", type: "register", body: open });
  return world;
}

/** An application of the health commission, granted until the end of the year. */
function granted() {
  const world = catalogued();
  const { begin, step, refused } = of(world, "application");
  const id = begin(user, "apply", application);
  step(steward, id, "grant", grant);
  return {
    world,
    step: (actor: Actor, type: string, body: object = {}) => step(actor, id, type, body),
    refused: (actor: Actor, type: string, body: object = {}) => refused(actor, id, type, body),
  };
}

/** The health commission has left, and its case is closed. */
function departed(world: World): World {
  world.act(administrator(HEALTH), { noun: "consortium", type: "leave", body: { reasons: note } });
  const body = { department: HEALTH };
  world.act(administrator(CIVIL), { noun: "member", type: "depart", case: HEALTH, body });
  return world;
}

describe("rules that are seldom met: a command", () => {
  const world = World.opened();
  const join = world.command({ noun: "member", type: "update", case: CIVIL, body: officers }, administrator(CIVIL));
  const refused = (change: Partial<Command>, actor = administrator(CIVIL)) =>
    world.refusalOf(actor, { ...join, ...change });

  it("that no table knows is none", () => {
    expect(refused({ noun: "errand" })).to.equal("UNKNOWN_COMMAND");
    expect(refused({ noun: "constructor" })).to.equal("UNKNOWN_COMMAND");
    expect(refused({ type: "dance" })).to.equal("UNKNOWN_COMMAND");
  });

  it("says which case it is about, and on what it rests, once and as it is", () => {
    const withdraw = { noun: "objection", type: "withdraw", case: null, body: {}, basis: [] };
    expect(world.refusalOf(user, withdraw)).to.equal("INVALID_INPUT");
    const [own, ...others] = join.basis;
    if (own?.next === undefined) return expect.fail("it does not rest on its own case");
    expect(refused({ basis: [own, own, ...others] })).to.equal("WRONG_BASIS");
    expect(refused({ basis: others })).to.equal("WRONG_BASIS");
    for (const moved of [{ act: own.act + 1 }, { next: own.next + 1 }, { transaction: digest("f") as never }])
      expect(refused({ basis: [{ ...own, ...moved }, ...others] })).to.equal("MOVED");
  });

  it("relies on how a case began by the transaction that began it, and by no place where it stands", () => {
    const world = catalogued();
    const { case: first } = world.act(steward, { noun: "release", type: "register", body: release });
    const raise = world.command({ noun: "objection", type: "raise", body: objection(first) }, user);
    const origin = raise.basis.find(({ noun }) => noun === "release") ?? expect.fail("it rests on no release");
    for (const other of [
      { ...origin, next: 2 },
      { ...origin, transaction: "f".repeat(64) as TransactionId },
    ]) {
      const basis = [...raise.basis.filter((entry) => entry !== origin), other as BasisEntry];
      expect(world.refusalOf(user, { ...raise, basis })).to.equal("WRONG_BASIS");
    }
  });

  it("begins no case under whose numbers somebody wrote before", () => {
    const world = catalogued();
    const { case: first } = world.act(steward, { noun: "release", type: "register", body: release });
    const raise = world.command({ noun: "objection", type: "raise", body: objection(first) }, user);
    const next = (BigInt(`0x${world.nextTransaction()}`) + 1n).toString(16).padStart(64, "0");
    const own = { noun: "objection", case: next };
    world.heads.use(own, [1]);
    expect(world.refusalOf(user, { ...raise, basis: [{ ...own, act: 0, next: 2 }, ...raise.basis] })).to.equal("MOVED");
  });

  it("is nobody's whose certificate has ended, and none that changes nothing", () => {
    const expired = { ...administrator(CIVIL), certificateExpires: "2026-09-28T00:59:59Z" as Instant };
    expect(refused({}, expired)).to.equal("CERTIFICATE_EXPIRED");
    expect(refused({})).to.equal("UNCHANGED");
  });

  it("on a case that is not there finds none", () => {
    expect(of(world, "application").refused(steward, "e".repeat(64), "suspend", { reasons: note })).to.equal(
      "NOT_FOUND",
    );
  });
});

describe("rules that are seldom met: a grant", () => {
  it("is on the dataset that was applied for, and so is its refusal", () => {
    const world = catalogued();
    const { begin, refused } = of(world, "application");
    const id = begin(user, "apply", application);
    expect(refused(steward, id, "grant", { ...grant, dataset: HOLIDAYS })).to.equal("MISMATCH");
    expect(refused(steward, id, "refuse", { dataset: HOLIDAYS, reasons: note, basis })).to.equal("MISMATCH");
  });

  it("serves a purpose of the policy in force", () => {
    const world = catalogued({ purposes: ["verification"] });
    const body = { ...application, purpose: "analysis" };
    expect(of(world, "application").refused(user, undefined, "apply", body)).to.equal("OUT_OF_SCOPE");
  });

  it("is suspended so often and no more", () => {
    const { world, step, refused } = granted();
    for (let times = 0; times < 100; times++) {
      world.pass();
      step(steward, "suspend", { reasons: note });
      step(steward, "resume", { reasons: note });
    }
    expect(refused(steward, "suspend", { reasons: note })).to.equal("LIMIT_REACHED");
  });

  it("that is no emergency is not reviewed, and one that is, is not renewed", () => {
    expect(granted().refused(steward, "review", { outcome: "justified", reasons: note })).to.equal("MISMATCH");
    const { begin, refused } = of(catalogued(), "application");
    const emergency = begin(user, "declareEmergency", { ...claim(DIVISIONS), to: "2026-10-02" });
    expect(refused(user, emergency, "requestRenewal", { to: "2026-12-31", frequency })).to.equal("WRONG_STATE");
  });

  it("is reported on for a period that ends after it begins, so often and no more", () => {
    const { world, step, refused } = granted();
    const report = { from: "2026-09-28", to: "2026-09-28", calls: 3, rows: 9, effect: note };
    world.tick("2026-09-29T01:00:00Z");
    expect(refused(user, "reportUse", { ...report, from: "2026-09-29" })).to.equal("INVALID_INPUT");
    for (let times = 0; times < 1000; times++) {
      if (times % ACTS_PER_TICK === 0) world.pass();
      step(user, "reportUse", report);
    }
    world.pass();
    expect(refused(user, "reportUse", report)).to.equal("LIMIT_REACHED");
  }).timeout(60_000);

  it("is renewed when it is asked for, once at a time, within what was asked, so often and no more", () => {
    const { world, step, refused } = granted();
    const longer = { to: "2027-03-31", frequency };
    expect(refused(steward, "declineRenewal", { reasons: note, basis })).to.equal("WRONG_STATE");
    step(user, "reportUse", { from: "2026-09-28", to: "2026-09-28", calls: 3, rows: 9, effect: note });
    step(user, "requestRenewal", longer);
    expect(refused(user, "requestRenewal", longer)).to.equal("ALREADY_EXISTS");
    expect(refused(steward, "renew", { dataset: HOLIDAYS, ...longer })).to.equal("MISMATCH");
    const more = { calls: frequency.calls + 1, per: frequency.per };
    expect(refused(steward, "renew", { dataset: DIVISIONS, ...longer, frequency: more })).to.equal("OUT_OF_SCOPE");
    for (let times = 1; times < 20; times++) {
      world.pass();
      step(steward, "declineRenewal", { reasons: note, basis });
      step(user, "requestRenewal", longer);
    }
    step(steward, "declineRenewal", { reasons: note, basis });
    expect(refused(user, "requestRenewal", longer)).to.equal("LIMIT_REACHED");
  });

  it("is urged and taken back with reasons; that an answer did not come is said so often and no more", () => {
    const world = catalogued();
    const { begin, step, refused } = of(world, "application");
    const id = begin(user, "apply", application);
    const refuse = () => step(steward, id, "refuse", { dataset: DIVISIONS, reasons: note, basis }).number;
    for (let times = 0; times < 3; times++) step(user, id, "notReceived", { act: refuse() });
    expect(refused(user, id, "notReceived", { act: refuse() })).to.equal("LIMIT_REACHED");
    const other = begin(user, "apply", application);
    world.tick("2026-10-12T01:00:00Z");
    step(bureau, other, "urge", { reasons: note });
    step(user, other, "withdraw", { reasons: note });
  });
});

describe("rules that are seldom met: too early or too late", () => {
  it("no use is reported of a grant that has not begun", () => {
    const world = catalogued();
    const { begin, step, refused } = of(world, "application");
    const id = begin(user, "apply", application);
    step(steward, id, "grant", { ...grant, from: "2026-10-10" });
    const report = { from: "2026-10-10", to: "2026-10-10", calls: 1, rows: 1, effect: note };
    expect(refused(user, id, "reportUse", report)).to.equal("TOO_EARLY");
  });

  it("nothing is granted for a time that is over", () => {
    const world = catalogued();
    const { begin, refused } = of(world, "application");
    const id = begin(user, "apply", application);
    world.tick("2027-01-04T01:00:00Z");
    expect(refused(steward, id, "grant", { ...grant, from: "2027-01-04" })).to.equal("TOO_LATE");
  });

  it("no text of an outcome is missed that was settled by the bureau", () => {
    const world = catalogued();
    const { case: first } = world.act(steward, { noun: "release", type: "register", body: release });
    const { begin, step, refused } = of(world, "objection");
    const id = begin(user, "raise", objection(first));
    step(steward, id, "accept");
    const { number } = step(steward, id, "conclude", { outcome: "unsubstantiated", reasons: note });
    step(user, id, "dispute", { reasons: note });
    step(bureau, id, "settle", { decision: "upheld", reasons: note });
    expect(refused(user, id, "notReceived", { act: number })).to.equal("MISMATCH");
  });
});

describe("rules that are seldom met: the consortium", () => {
  const consortium = (world: World, actor: string) => ({
    act: (type: string, body: object) => world.act(administrator(actor), { noun: "consortium", type, body }),
    refused: (type: string, body: object = {}) =>
      world.refusal(administrator(actor), { noun: "consortium", type, body }).code,
  });
  const admit = (subject: string) => ({ kind: "admit", subject, name: "a department", reasons: note });

  it("takes so many members, and so many that have not joined", () => {
    const seats = Array.from({ length: 196 }, (_, at) => `M${at}MSP`);
    const full = World.opened({ founders: [...founding.founders, ...seats] });
    expect(consortium(full, CIVIL).refused("propose", admit("TaxMSP"))).to.equal("LIMIT_REACHED");

    const world = World.opened();
    const roster = [...founding.founders];
    for (let at = 0; at < 16; at++) {
      const subject = `N${at}MSP`;
      const [mover = CIVIL, ...others] = roster;
      const { number: motion } = consortium(world, mover).act("propose", admit(subject));
      for (const voter of others.slice(0, Math.floor(roster.length / 2)))
        consortium(world, voter).act("vote", { motion, vote: "inFavour" });
      world.act(administrator(subject), { noun: "member", type: "join", body: officers });
      roster.push(subject);
    }
    expect(consortium(world, CIVIL).refused("propose", admit("TaxMSP"))).to.equal("LIMIT_REACHED");
  });

  it("leaves a motion to its mover, and is left once", () => {
    const world = World.opened();
    expect(consortium(world, CIVIL).refused("vote", { motion: 1, vote: "against" })).to.equal("NOT_FOUND");
    expect(consortium(world, CIVIL).refused("withdraw", { motion: 1 })).to.equal("NOT_FOUND");
    const { number: motion } = consortium(world, CIVIL).act("propose", admit("TaxMSP"));
    expect(consortium(world, POLICE).refused("withdraw", { motion })).to.equal("NOT_OWNER");
    expect(consortium(world, CIVIL).refused("vote", { motion, vote: "against" })).to.equal("ALREADY_EXISTS");
    const { number: second } = consortium(world, POLICE).act("propose", admit("RailMSP"));
    expect(consortium(world, POLICE).refused("withdraw", { motion })).to.equal("NOT_OWNER");
    expect(consortium(world, POLICE).refused("withdraw", { motion: 99 })).to.equal("NOT_FOUND");
    expect(consortium(world, CIVIL).refused("vote", { motion, vote: "against" })).to.equal("ALREADY_EXISTS");
    expect(consortium(world, CIVIL).refused("vote", { motion: 99, vote: "against" })).to.equal("NOT_FOUND");
    consortium(world, POLICE).act("withdraw", { motion: second });
    consortium(world, HEALTH).act("leave", { reasons: note });
    expect(consortium(world, HEALTH).refused("leave")).to.equal("NOT_FOUND");
  });

  it("keeps the bureau's seat, whether it has joined or not", () => {
    const world = new World();
    world.act(bureau, { noun: "policy", type: "open", body: { ...POLICY_1, ...founding } });
    world.tickBy(officer(CIVIL, "node"), "2026-09-28T01:00:00Z");
    world.act(administrator(CIVIL), { noun: "member", type: "join", body: officers });
    expect(consortium(world, CIVIL).refused("giveUpSeat", { department: BUREAU })).to.equal("WRONG_STATE");
  });

  it("has members with so many operators, each engaged before it is dismissed, and cases that are their own", () => {
    const world = catalogued();
    const member = of(world, "member");
    const own = administrator(CIVIL);
    let engaged = 0;
    for (; engaged < 100 && engage(engaged) === undefined; engaged++) world.pass();
    expect(engage(engaged)).to.equal("LIMIT_REACHED");
    member.step(own, CIVIL, "dismiss", { code: operatorCode(0), reasons: note });
    expect(member.refused(own, CIVIL, "dismiss", { code: operatorCode(0) })).to.equal("NOT_FOUND");
    expect(member.refused(own, HEALTH, "depart", { department: HEALTH })).to.equal("WRONG_STATE");
    const health = administrator(HEALTH);
    expect(member.refused(health, HEALTH, "dismiss", { code: operatorCode(0) })).to.equal("NOT_FOUND");
    world.act(health, { noun: "consortium", type: "leave", body: {} });
    expect(member.refused(own, HEALTH, "depart", { department: CIVIL })).to.equal("MISMATCH");

    function engage(at: number): string | undefined {
      const asked = { noun: "member", type: "engage", case: CIVIL, body: { ...operator, code: operatorCode(at) } };
      try {
        world.act(own, asked);
        return undefined;
      } catch (error) {
        return (error as { code: string }).code;
      }
    }
  });

  it("is what mandates and demands are given to", () => {
    const world = departed(catalogued());
    const to = { department: HEALTH, officer: "9001", scope: { datasets: [DIVISIONS], departments: [] }, ...mandated };
    const mandate = of(world, "mandate");
    expect(mandate.refused(bureau, undefined, "appoint", to)).to.equal("NOT_A_MEMBER");
    const proxy = { datasets: [DIVISIONS], purposes: ["verification"], ...mandated };
    const delegated = (agent: string) =>
      mandate.refused(officer(POLICE, "steward"), undefined, "delegate", { ...proxy, agent });
    expect(delegated(HEALTH)).to.equal("NOT_A_MEMBER");
    expect(delegated(POLICE)).to.equal("INVALID_INPUT");
    const published = of(world, "demand").refused(officer(POLICE, "user"), undefined, "publish", {
      ...demanded,
      addressee: HEALTH,
    });
    expect(published).to.equal("NOT_A_MEMBER");
    const id = mandate.begin(officer(POLICE, "steward"), "delegate", { ...proxy, agent: CIVIL });
    mandate.step(officer(POLICE, "steward"), id, "revoke", { reasons: note });
  });
});

describe("rules that are seldom met: data", () => {
  it("that was taken out of the catalogue gets no release, suggestion or demand any more", () => {
    const world = catalogued();
    const demand = of(world, "demand");
    const id = demand.begin(user, "publish", demanded);
    world.act(steward, { noun: "dataset", type: "withdraw", case: DIVISIONS, body: { reasons: note } });
    expect(of(world, "release").refused(steward, undefined, "register", release)).to.equal("WRONG_STATE");
    const suggestion = { dataset: DIVISIONS, suggestion: note };
    expect(of(world, "suggestion").refused(user, undefined, "make", suggestion)).to.equal("WRONG_STATE");
    expect(demand.refused(steward, id, "match", { dataset: DIVISIONS })).to.equal("WRONG_STATE");
  });

  it("is described down to its conditions and its related code", () => {
    const world = catalogued();
    const more = { open: { class: "conditional", conditions: "for research" }, relatedCode: "410000-1" };
    world.act(steward, { noun: "dataset", type: "register", body: { ...divisions, ...more, code: "more" } });
    const { code: _code, ...content } = divisions;
    const revised = { ...content, ...more, changes: "what it is open for" };
    world.act(steward, { noun: "dataset", type: "revise", case: DIVISIONS, body: revised });
  });

  it("is objected to by its own release, and corrected by one of its own, that is in use and revises another", () => {
    const world = catalogued();
    const releases = of(world, "release");
    const holidays = { ...release, dataset: HOLIDAYS };
    const foreign = releases.begin(steward, "register", holidays);
    const own = releases.begin(steward, "register", release);
    const objections = of(world, "objection");
    const raise = (body: object) => objections.refused(user, undefined, "raise", body);
    expect(raise({ ...objection(foreign) })).to.equal("MISMATCH");
    const id = objections.begin(user, "raise", objection(own));
    objections.step(steward, id, "accept");
    objections.step(steward, id, "conclude", { outcome: "substantiated", reasons: note, basis });
    const register = (body: object) => releases.refused(steward, undefined, "register", body);
    expect(register({ ...holidays, objection: id })).to.equal("MISMATCH");
    expect(register({ ...release, objection: id })).to.equal("MISMATCH");
    const correction = releases.begin(steward, "register", { ...release, objection: id, revises: own });
    releases.step(steward, correction, "withdraw", { reasons: note });
    expect(objections.refused(steward, id, "correct", { release: correction })).to.equal("WRONG_STATE");
  });

  it("keeps objections and suggestions open until those whose turn it is were urged, with reasons", () => {
    const world = catalogued();
    const own = of(world, "release").begin(steward, "register", release);
    const objections = of(world, "objection");
    const suggestions = of(world, "suggestion");
    const demands = of(world, "demand");
    const raised = objections.begin(user, "raise", objection(own));
    const concluded = objections.begin(user, "raise", objection(own));
    const made = suggestions.begin(user, "make", { dataset: DIVISIONS, suggestion: note });
    const wanted = demands.begin(user, "publish", demanded);
    expect(objections.refused(bureau, raised, "discontinue", { reasons: note })).to.equal("TOO_EARLY");
    expect(suggestions.refused(bureau, made, "discontinue", { reasons: note })).to.equal("TOO_EARLY");
    objections.step(steward, concluded, "accept");
    objections.step(steward, concluded, "conclude", { outcome: "unsubstantiated", reasons: note, basis });
    world.tick("2026-11-16T01:00:00Z");
    for (const [cases, id] of [
      [objections, raised],
      [suggestions, made],
      [demands, wanted],
    ] as const)
      cases.step(bureau, id, "urge", { reasons: note });
    objections.step(steward, concluded, "close", { reasons: note });
    objections.step(user, raised, "withdraw", { reasons: note });
  });
});

describe("rules that are seldom met: the policy", () => {
  const thresholds = [{ dimension: "accuracy", atLeast: 9900 }];

  it("may set thresholds of quality and when consumers have to countersign, and members may have a code", () => {
    const options = { qualityThresholds: thresholds, countersigning: { withinMinutes: 60, atMost: 100 } };
    const world = World.opened(options);
    const amended = { ...POLICY_1, ...options, countersigning: { withinMinutes: 120, atMost: 0 }, from: "2026-10-08" };
    world.act(bureau, { noun: "policy", type: "amend", case: "policy", body: amended });
    const coded = { ...officers, code: "114113000060000000" };
    world.act(administrator(CIVIL), { noun: "member", type: "update", case: CIVIL, body: coded });
    world.act(administrator(HEALTH), { noun: "consortium", type: "leave" });
    const body = { department: HEALTH };
    world.act(administrator(CIVIL), { noun: "member", type: "depart", case: HEALTH, body });
    const back = { kind: "admit", subject: HEALTH, name: "health commission" };
    const { number: motion } = world.act(bureau, { noun: "consortium", type: "propose", body: back });
    world.act(administrator(CIVIL), { noun: "consortium", type: "vote", body: { motion, vote: "inFavour" } });
    world.act(administrator(HEALTH), { noun: "member", type: "join", body: coded });
  });

  it("names its own model or the next, and a year's days as they are", () => {
    const world = World.opened();
    const policy = of(world, "policy");
    expect(policy.refused(bureau, "policy", "amend", { ...POLICY_1, model: 3, from: "2026-10-08" })).to.equal(
      "INVALID_INPUT",
    );
    const weekday = { ...YEAR_2026, makeUpDays: ["2026-10-09"] };
    expect(policy.refused(bureau, "policy", "announce", weekday)).to.equal("INVALID_INPUT");
  });
});
