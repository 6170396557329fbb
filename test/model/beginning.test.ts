import type { DatasetId, Instant, MspId } from "@wanlian/model/identifiers.js";
import { MAX_MOTIONS } from "@wanlian/model/model-1/consortium/consortium.js";
import { mandateCovers, mandateHolds } from "@wanlian/model/model-1/mandate/mandate.js";
import { policyAt, requiredEndorsers } from "@wanlian/model/model-1/policy/policy-in-force.js";
import { reading1 } from "@wanlian/model/model-1/reading.js";
import { expect } from "chai";
import { BUREAU, CIVIL, founding, HEALTH, note, officers, POLICE, POLICY_1 } from "./bodies.js";
import { officer, World } from "./world.js";

const bureau = officer(BUREAU, "administrator");
const open = { noun: "policy", type: "open", body: { ...POLICY_1, ...founding } } as const;

describe("beginning of a channel", () => {
  it("is policy 1, then clock 1, then each founder's own member act; nothing comes before its turn", () => {
    const world = new World();
    const join = { noun: "member", type: "join", body: officers } as const;
    const tick = { noun: "clock", type: "tick", body: { time: "2026-09-28T01:00:00Z" } } as const;
    expect(world.refusal(officer(BUREAU), join).code).to.equal("NOT_FOUND");
    expect(world.refusal(officer(BUREAU), tick).code).not.to.equal("INTERNAL");
    world.act(bureau, open);
    expect(world.refusal(officer(BUREAU), join).code).to.equal("NOT_FOUND");
    expect(world.refusal(officer("TaxMSP"), tick).code).to.equal("NOT_OWNER");
    world.act(officer(POLICE), tick);
    expect(world.refusal(officer("TaxMSP"), join).code).to.equal("NOT_A_MEMBER");
    world.act(officer(POLICE), join);
    expect(world.refusal(bureau, open).code).to.equal("ALREADY_EXISTS");
  });

  it("is opened once, by the bureau it names, which is a founder", () => {
    const refusal = (change: object) =>
      new World().refusal(bureau, { ...open, body: { ...open.body, ...change } }).code;
    expect(refusal({ bureau: CIVIL })).to.equal("NOT_OWNER");
    expect(refusal({ founders: [CIVIL] })).to.equal("INVALID_INPUT");
    expect(refusal({ model: 99 })).to.equal("UNKNOWN_MODEL");
    expect(refusal({ opened: "2026-02-30T00:00:00Z" })).to.equal("INVALID_INPUT");
    expect(World.opened().refusal(bureau, open).code).to.equal("ALREADY_EXISTS");
  });
});

describe("policy", () => {
  const amend = (world: World, change: object) =>
    world.act(bureau, { noun: "policy", type: "amend", body: { ...POLICY_1, ...change } });
  const refusal = (world: World, change: object) =>
    world.refusal(bureau, { noun: "policy", type: "amend", body: { ...POLICY_1, ...change } }).code;

  it("applies from the next day at the earliest; the old one holds until then", () => {
    const world = World.opened();
    expect(refusal(world, { from: "2026-09-28" })).to.equal("TOO_EARLY");
    amend(world, { from: "2026-09-29", profile: "order-809" });
    const state = world.state("policy", "policy");
    expect(policyAt(state, "2026-09-28T15:59:59Z" as Instant).profile).to.equal("nanyang-2022");
    expect(policyAt(state, "2026-09-28T16:00:00Z" as Instant).profile).to.equal("order-809");
  });

  it("is replaced while pending by a later decision for the same day or before, and few can pend", () => {
    const world = World.opened();
    amend(world, { from: "2026-10-08", profile: "a" });
    amend(world, { from: "2026-10-09", profile: "b" });
    expect(refusal(world, { from: "2026-10-10", profile: "c" })).to.equal("LIMIT_REACHED");
    amend(world, { from: "2026-10-08", profile: "d" });
    const { versions } = world.state("policy", "policy");
    expect(versions.map(({ rules }) => rules.profile)).to.deep.equal(["nanyang-2022", "d"]);
    world.tick("2026-10-12T01:00:00Z");
    amend(world, { from: "2026-10-13", profile: "e" });
    expect(world.state("policy", "policy").versions.map(({ rules }) => rules.profile)).to.deep.equal(["d", "e"]);
  });

  it("is the bureau's alone, and free of contradictions", () => {
    const world = World.opened();
    const body = { ...POLICY_1, from: "2026-09-29" };
    expect(world.refusal(officer(CIVIL), { noun: "policy", type: "amend", body }).code).to.equal("NOT_OWNER");
    expect(world.refusal(officer(BUREAU, "steward"), { noun: "policy", type: "amend", body }).code).to.equal(
      "NOT_PERMITTED",
    );
    const [first] = POLICY_1.deadlines;
    const [basis] = POLICY_1.legalBases;
    expect(refusal(world, { from: "2026-09-29", deadlines: [first, first] })).to.equal("INVALID_INPUT");
    expect(refusal(world, { from: "2026-09-29", legalBases: [basis, basis] })).to.equal("INVALID_INPUT");
    const twice = [
      { dimension: "accuracy", atLeast: 9000 },
      { dimension: "accuracy", atLeast: 9900 },
    ];
    expect(refusal(world, { from: "2026-09-29", qualityThresholds: twice })).to.equal("INVALID_INPUT");
  });

  it("says how many departments have to endorse: a majority, at most five, unless it names a number", () => {
    const k = (members: number) => requiredEndorsers({ endorsers: "majority" }, members);
    expect([1, 2, 3, 4, 5, 6, 8, 9, 12, 30].map(k)).to.deep.equal([1, 2, 2, 3, 3, 4, 5, 5, 5, 5]);
    expect(requiredEndorsers({ endorsers: 2 }, 30)).to.equal(2);
    expect(requiredEndorsers({ endorsers: 4 }, 3)).to.equal(3); // those who stay can still act
  });
});

describe("clock", () => {
  it("never goes back, on any channel", () => {
    const world = World.opened();
    const tick = (time: string) =>
      world.refusal(officer(CIVIL, "node"), { noun: "clock", type: "tick", body: { time } }).code;
    expect(tick("2026-09-28T01:00:00Z")).to.equal("TOO_EARLY");
    expect(tick("2026-09-28T00:59:59Z")).to.equal("TOO_EARLY");
    expect(tick("2026-09-31T01:00:00Z")).to.equal("INVALID_INPUT");
  });

  it("outside a demo is ticked every five minutes at most", () => {
    const world = World.opened({ demo: false });
    const tick = (time: string) => ({ noun: "clock", type: "tick", body: { time } }) as const;
    expect(world.refusal(officer(CIVIL), tick("2026-09-28T01:04:59Z")).code).to.equal("TOO_EARLY");
    world.act(officer(CIVIL), tick("2026-09-28T01:05:00Z"));
  });

  it("is not ticked by a founder that has left", () => {
    const world = World.opened();
    world.act(officer(HEALTH), { noun: "consortium", type: "leave" });
    world.act(officer(CIVIL), { noun: "member", type: "depart", case: HEALTH, body: { department: HEALTH } });
    const tick = { noun: "clock", type: "tick", body: { time: "2026-09-28T02:00:00Z" } } as const;
    expect(world.refusal(officer(HEALTH), tick).code).to.equal("NOT_A_MEMBER");
  });
});

describe("consortium", () => {
  const act = (world: World, actor: string, type: string, body: object) =>
    world.act(officer(actor, "administrator"), { noun: "consortium", type, body });
  const refusal = (world: World, actor: string, type: string, body: object) =>
    world.refusal(officer(actor, "administrator"), { noun: "consortium", type, body }).code;
  const admit = { kind: "admit", subject: "TaxMSP", name: "taxation" };
  const roster = (world: World): readonly MspId[] => world.state("consortium", "consortium").roster;

  it("admits by more than half of its members, and who was admitted joins by its own act", () => {
    const world = World.opened();
    const join = { noun: "member", type: "join", body: officers } as const;
    const { number } = act(world, BUREAU, "propose", admit);
    act(world, CIVIL, "vote", { motion: number, vote: "inFavour" });
    expect(roster(world)).not.to.include("TaxMSP"); // two of four is no majority
    expect(world.refusal(officer("TaxMSP"), join).code).to.equal("NOT_A_MEMBER");
    act(world, POLICE, "vote", { motion: number, vote: "inFavour" });
    expect(roster(world)).to.include("TaxMSP");
    world.act(officer("TaxMSP"), join);
    expect(world.state("member", "TaxMSP").status).to.equal("active");
  });

  it("drops a motion that can no longer be carried, and counts each member once", () => {
    const world = World.opened();
    const { number } = act(world, BUREAU, "propose", admit);
    expect(refusal(world, BUREAU, "vote", { motion: number, vote: "inFavour" })).to.equal("ALREADY_EXISTS");
    act(world, CIVIL, "vote", { motion: number, vote: "against" });
    expect(refusal(world, CIVIL, "vote", { motion: number, vote: "inFavour" })).to.equal("ALREADY_EXISTS");
    act(world, POLICE, "vote", { motion: number, vote: "against" });
    expect(world.state("consortium", "consortium").motions).to.deep.equal([]);
    expect(refusal(world, HEALTH, "vote", { motion: number, vote: "inFavour" })).to.equal("NOT_FOUND");
    expect(roster(world)).not.to.include("TaxMSP");
  });

  it("removes by more than half; from the member act on, the removed can act no more", () => {
    const world = World.opened();
    const remove = { kind: "remove", subject: HEALTH, name: "health commission" };
    const { number } = act(world, BUREAU, "propose", remove);
    const depart = { noun: "member", type: "depart", case: HEALTH, body: { department: HEALTH } } as const;
    expect(world.refusal(officer(CIVIL), depart).code).to.equal("WRONG_STATE");
    act(world, CIVIL, "vote", { motion: number, vote: "inFavour" });
    act(world, POLICE, "vote", { motion: number, vote: "inFavour" });
    world.act(officer(CIVIL), depart);
    expect(refusal(world, HEALTH, "propose", admit)).to.equal("NOT_A_MEMBER");
    const rejoin = { noun: "member", type: "join", body: officers } as const;
    expect(world.refusal(officer(HEALTH), rejoin).code).to.equal("NOT_A_MEMBER");
  });

  it("takes the votes and motions of who leaves with it; the bureau cannot leave", () => {
    const world = World.opened();
    const { number } = act(world, HEALTH, "propose", admit);
    act(world, HEALTH, "leave", { reasons: note });
    expect(refusal(world, CIVIL, "vote", { motion: number, vote: "inFavour" })).to.equal("NOT_FOUND");
    expect(refusal(world, HEALTH, "vote", { motion: number, vote: "inFavour" })).to.equal("NOT_A_MEMBER");
    expect(refusal(world, BUREAU, "leave", {})).to.equal("WRONG_STATE");
  });

  const motions = (world: World) => reading1.motions(world.state("consortium", "consortium"));

  it("keeps nobody from a motion of its own, however many others move, whatever they move", () => {
    const seats = Array.from({ length: MAX_MOTIONS - founding.founders.length }, (_, at) => `M${at}MSP`);
    const world = World.opened({ founders: [...founding.founders, ...seats] });
    for (const who of seats) world.act(officer(who, "administrator"), { noun: "member", type: "join", body: officers });
    // Whoever is to be removed, and its friends, move the same or something else on it first.
    const remove = { kind: "remove", subject: POLICE, name: "police" };
    const noise = [remove, { ...remove, kind: "entrust" }, { ...admit, subject: "RailMSP" }];
    const [mover = CIVIL, ...friends] = [...seats, ...founding.founders];
    for (const [at, friend] of friends.entries()) act(world, friend, "propose", noise[at % noise.length] ?? remove);
    expect(refusal(world, friends[0] ?? CIVIL, "propose", remove), "one at a time").to.equal("LIMIT_REACHED");
    const { number } = act(world, mover, "propose", remove);
    expect(motions(world)).to.have.length(MAX_MOTIONS);
    for (const who of friends.slice(0, MAX_MOTIONS / 2)) act(world, who, "vote", { motion: number, vote: "inFavour" });
    expect(roster(world)).not.to.include(POLICE);
  });

  it("has the same motion of several decided with one of them, and admits and entrusts once", () => {
    const world = World.opened();
    const entrust = { kind: "entrust", subject: HEALTH, name: "health commission" };
    for (const motion of [admit, entrust]) {
      const [first] = [BUREAU, CIVIL].map((who) => act(world, who, "propose", motion).number);
      for (const who of [POLICE, HEALTH]) act(world, who, "vote", { motion: first, vote: "inFavour" });
      expect(motions(world)).to.deep.equal([]);
    }
    const { entrusted, awaited } = world.state("consortium", "consortium");
    expect(roster(world)).to.deep.equal([...founding.founders, "TaxMSP"]);
    expect(awaited).to.deep.equal([{ department: "TaxMSP", admitted: "2026-09-28T01:00:00Z", motion: 1 }]);
    expect(entrusted?.department).to.equal(HEALTH);
  });

  it("counts each vote as who cast it, whoever comes and goes", () => {
    const world = World.opened();
    const { number: first } = act(world, BUREAU, "propose", admit);
    const { number: second } = act(world, HEALTH, "propose", { ...admit, subject: "RailMSP" });
    act(world, HEALTH, "vote", { motion: first, vote: "against" });
    act(world, POLICE, "vote", { motion: second, vote: "against" });
    for (const who of [CIVIL, POLICE]) act(world, who, "vote", { motion: first, vote: "inFavour" });
    const [rail] = motions(world);
    expect(rail).to.deep.include({ number: second, inFavour: [HEALTH], against: [POLICE] });
    world.act(officer("TaxMSP"), { noun: "member", type: "join", body: officers });
    act(world, "TaxMSP", "vote", { motion: second, vote: "inFavour" });
    act(world, CIVIL, "leave", { reasons: note });
    const [still] = motions(world);
    expect(still).to.deep.include({ number: second, inFavour: [HEALTH, "TaxMSP"], against: [POLICE] });
    expect(refusal(world, "TaxMSP", "vote", { motion: second, vote: "against" })).to.equal("ALREADY_EXISTS");
    act(world, BUREAU, "vote", { motion: second, vote: "inFavour" });
    expect(roster(world)).to.deep.equal([BUREAU, POLICE, HEALTH, "TaxMSP", "RailMSP"]);
  });

  it("has no motion on who is what it asks for", () => {
    const world = World.opened();
    expect(refusal(world, CIVIL, "propose", { ...admit, subject: POLICE })).to.equal("ALREADY_EXISTS");
    expect(refusal(world, CIVIL, "propose", { ...admit, kind: "remove", subject: "RailMSP" })).to.equal("NOT_FOUND");
    expect(refusal(world, CIVIL, "propose", { ...admit, kind: "remove", subject: BUREAU })).to.equal("WRONG_STATE");
  });
});

describe("member", () => {
  it("ties operator companies to itself only for datasets of its own", () => {
    const world = World.opened();
    const engage = (scope: string[], code = "91411300MA3X0000XX") =>
      ({
        noun: "member",
        type: "engage",
        case: CIVIL,
        body: { code, name: "operator", scope, from: "2026-09-28T00:00:00Z", to: "2027-09-28T00:00:00Z" },
      }) as const;
    expect(world.refusal(officer(CIVIL), engage([`${HEALTH}/births`])).code).to.equal("NOT_OWNER");
    expect(world.refusal(officer(CIVIL), engage([`${CIVIL}/x`], "914113")).code).to.equal("INVALID_INPUT");
    world.act(officer(CIVIL), engage([`${CIVIL}/divisions`]));
    expect(world.state("member", CIVIL).operators).to.have.length(1);
  });
});

describe("mandate", () => {
  const audit = {
    department: POLICE,
    officer: "9001",
    scope: { datasets: [`${HEALTH}/births`], departments: [CIVIL] },
    from: "2026-10-01T00:00:00Z",
    to: "2027-01-01T00:00:00Z",
    reason: "yearly audit",
  };

  it("of an auditor is the bureau's act alone, for a member's officer, a scope and a period", () => {
    const world = World.opened();
    const appoint = (change: object, actor = bureau) =>
      world.refusal(actor, { noun: "mandate", type: "appoint", body: { ...audit, ...change } }).code;
    expect(appoint({}, officer(POLICE))).to.equal("NOT_OWNER");
    expect(appoint({ department: "TaxMSP" })).to.equal("NOT_FOUND");
    expect(appoint({ scope: { datasets: [], departments: [] } })).to.equal("INVALID_INPUT");
    expect(appoint({ to: "2026-09-01T00:00:00Z", from: "2026-08-01T00:00:00Z" })).to.equal("TOO_LATE");
    expect(appoint({ to: audit.from })).to.equal("INVALID_INPUT");
  });

  it("covers what it names, while it holds", () => {
    const world = World.opened();
    const { case: id } = world.act(bureau, { noun: "mandate", type: "appoint", body: audit });
    const state = world.state("mandate", id);
    expect(mandateCovers(state, `${CIVIL}/divisions` as DatasetId)).to.equal(true);
    expect(mandateCovers(state, `${HEALTH}/births` as DatasetId)).to.equal(true);
    expect(mandateCovers(state, `${HEALTH}/deaths` as DatasetId)).to.equal(false);
    expect(mandateCovers(state, `${CIVIL}X/divisions` as DatasetId)).to.equal(false);
    expect(mandateHolds(state, "2026-09-30T23:59:59Z" as Instant)).to.equal(false);
    expect(mandateHolds(state, "2026-10-01T00:00:00Z" as Instant)).to.equal(true);
    expect(mandateHolds(state, "2027-01-01T00:00:00Z" as Instant)).to.equal(false);
    expect(world.refusal(officer(POLICE), { noun: "mandate", type: "revoke", case: id }).code).to.equal("NOT_OWNER");
    world.act(bureau, { noun: "mandate", type: "revoke", case: id });
    expect(mandateHolds(world.state("mandate", id), "2026-10-01T00:00:00Z" as Instant)).to.equal(false);
  });
});
