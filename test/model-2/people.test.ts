import type { MspId } from "@wanlian/model/identifiers.js";
import type { CaseState } from "@wanlian/model/kernel/act.js";
import { allowedActions } from "@wanlian/model/kernel/permission.js";
import { model2 } from "@wanlian/model/model-2/model.js";
import type { Use } from "@wanlian/model/reading.js";
import { expect } from "chai";
import {
  application,
  BUREAU,
  CIVIL,
  DIVISIONS,
  digest,
  divisions,
  grant,
  HEALTH,
  note,
  officers,
  POLICE,
  release,
} from "../model/bodies.js";
import { officer, World } from "../model/world.js";

const steward = officer(CIVIL, "steward");
const user = officer(HEALTH, "user");
const head = officer(HEALTH, "administrator");
const bureau = officer(BUREAU, "steward", "administrator");
const COMPANY = "91411300MA3X000001";
const OTHER = "91411300MA3X000002";
const MACHINE = "M-1";
const period = { from: "2026-09-28T01:00:00Z", to: "2027-01-01T00:00:00Z" };
/** A log's key and checkpoint that are of the right form and nothing more. */
const UNREADABLE_LOG = { key: "k", checkpoint: "c" };
const engagement = { code: COMPANY, name: "a company", scope: [DIVISIONS], officers: [MACHINE, "7001"], ...period };
const numbered = (
  department: string,
  number: string,
  ...roles: Parameters<typeof officer> extends [string, ...infer R] ? R : never
) => ({ ...officer(department, ...roles), officer: number }) as ReturnType<typeof officer>;

function opened() {
  const world = World.withDataset(divisions, { model: 2 });
  const { case: id } = world.act(steward, { noun: "release", type: "register", body: release });
  const { case: granted } = world.act(user, { noun: "application", type: "apply", body: application });
  world.act(steward, { noun: "application", type: "grant", case: granted, body: grant });
  const account = { kind: "probing", severity: 2, noticed: "2026-09-28T00:59:00Z", account: note };
  const { case: incident } = world.act(steward, { noun: "incident", type: "report", body: account });
  const memberOf = (department: string) => world.head({ noun: "member", case: department }).state as CaseState;
  const use = { consumer: HEALTH, provider: CIVIL, dataset: DIVISIONS, release: id, fields: ["code"], officer: "3001" };
  const refusalOf = (more: object = {}, time = world.state("clock", "clock").time) =>
    model2.reading.refusalOfUse(
      { ...use, purpose: "verification", scenario: application.scenario, way: "lookup", ...more } as unknown as Use,
      {
        application: world.head({ noun: "application", case: granted }).state,
        release: world.head({ noun: "release", case: id }).state,
        ...{ member: memberOf(HEALTH), mandate: undefined, dataset: undefined },
      },
      { time },
    );
  const restraint = (more: object) => ({ department: HEALTH, incident, reasons: note, ...more });
  const restrain = (by: ReturnType<typeof officer>, more: object) =>
    world.act(by, { noun: "member", type: "restrain", case: HEALTH, body: restraint(more) });
  const refused = (by: ReturnType<typeof officer>, type: string, body: object, of: string = HEALTH) =>
    world.refusal(by, { noun: "member", type, case: of, body }).code;
  const engage = (more: object = {}) =>
    world.act(head, { noun: "member", type: "engage", case: HEALTH, body: { ...engagement, ...more } });
  const dismiss = (code = COMPANY) =>
    world.act(head, { noun: "member", type: "dismiss", case: HEALTH, body: { code, reasons: note } });
  return { world, granted, incident, refusalOf, restraint, restrain, refused, engage, dismiss, memberOf };
}

describe("an operator company's people and machines", () => {
  it("use data within what the engagement names, and say whose they are", () => {
    const { refusalOf, engage } = opened();
    engage();
    const theirs = { officer: MACHINE, operator: COMPANY };
    expect(refusalOf(theirs)).to.equal(undefined);
    expect(refusalOf({ ...theirs, operator: "a company" })).to.equal(undefined);
    expect(refusalOf({ officer: MACHINE }), "unnamed").to.equal("OPERATOR_NOT_NAMED");
    expect(refusalOf({ operator: COMPANY }), "an officer who is not theirs").to.equal("OPERATOR_NOT_ENGAGED");
    expect(refusalOf(), "the department's own").to.equal(undefined);
    engage({ scope: [`${CIVIL}/towns`] });
    expect(refusalOf(theirs)).to.equal("OPERATOR_OUT_OF_SCOPE");
  });

  it("use nothing once they are dismissed, by whatever name, until they are engaged again", () => {
    const { refusalOf, engage, dismiss } = opened();
    engage();
    dismiss();
    for (const operator of [{}, { operator: COMPANY }]) {
      expect(refusalOf({ officer: MACHINE, ...operator })).to.equal("OPERATOR_NOT_ENGAGED");
    }
    engage({ officers: ["7001"] });
    expect(refusalOf({ officer: "7001", operator: COMPANY })).to.equal(undefined);
    expect(refusalOf({ officer: MACHINE }), "left out of the new engagement").to.equal("OPERATOR_NOT_ENGAGED");
    engage({ code: OTHER, name: "another", officers: [MACHINE] });
    expect(refusalOf({ officer: MACHINE, operator: OTHER })).to.equal(undefined);
  });

  it("use nothing before the engagement begins, nor after it has ended by its date", () => {
    const { refusalOf, engage } = opened();
    engage({ from: "2026-10-01T00:00:00Z" });
    const theirs = { officer: MACHINE, operator: COMPANY };
    expect(refusalOf(theirs, "2026-09-30T00:00:00Z" as never)).to.equal("OPERATOR_NOT_ENGAGED");
    expect(refusalOf({ officer: MACHINE }, "2026-09-30T00:00:00Z" as never), "unnamed").to.equal(
      "OPERATOR_NOT_ENGAGED",
    );
    expect(refusalOf(theirs, "2026-10-02T00:00:00Z" as never)).to.equal(undefined);
    engage({ from: "2026-09-28T01:00:00Z", to: "2026-10-02T00:00:00Z" });
    expect(refusalOf(theirs, "2026-10-02T00:00:00Z" as never)).to.equal("OPERATOR_NOT_ENGAGED");
  });

  it("act on the ledger in what they are engaged for alone, and not at all after their dismissal", () => {
    const { world } = opened();
    const own = officer(CIVIL, "administrator");
    const one = numbered(CIVIL, "7001", "steward", "user", "administrator");
    world.act(own, { noun: "member", type: "engage", case: CIVIL, body: engagement });
    const registering = { noun: "release", type: "register", body: release } as const;
    world.act(one, registering);
    const towns = { noun: "dataset", type: "register", body: { ...divisions, code: "towns" } } as const;
    world.act(steward, towns);
    const withdrawing = (dataset: string) => ({ noun: "dataset", type: "withdraw", case: dataset, body: {} }) as const;
    expect(world.refusal(one, withdrawing(`${CIVIL}/towns`)).code, "another dataset").to.equal("OUT_OF_SCOPE");
    const elsewhere = { ...registering, body: { ...release, dataset: `${CIVIL}/towns` } };
    expect(world.refusal(one, elsewhere).code, "another dataset's release").to.equal("OUT_OF_SCOPE");
    const beyond = { noun: "member", type: "dismiss", case: CIVIL, body: { code: COMPANY } } as const;
    expect(world.refusal(one, beyond).code, "what is of no dataset").to.equal("NOT_PERMITTED");
    const offered = () => {
      const ref = { noun: "dataset", case: DIVISIONS };
      const { state } = world.head(ref);
      const time = world.state("clock", "clock").time;
      return allowedActions(model2, { ref, state, actor: one, policy: undefined, time, heads: world.heads.head });
    };
    expect(offered(), "what its page offers").to.deep.equal(["revise", "withdraw"]);
    world.act(own, beyond);
    expect(world.refusal(one, registering).code, "dismissed").to.equal("NOT_PERMITTED");
    expect(offered(), "dismissed").to.deep.equal([]);
  });

  it("may be the node itself, which goes on ticking and anchoring, and does nothing else for a company", () => {
    const { world } = opened();
    const own = officer(CIVIL, "administrator");
    const node = numbered(CIVIL, "7001", "node");
    const ticking = (time: string) => ({ noun: "clock", type: "tick", case: "clock", body: { time } }) as const;
    const logged = (body: object) => ({ noun: "log", type: "open", case: CIVIL, body }) as const;
    const month = { code: "2026-08", log: { from: 0, to: 0 }, lines: [] };
    const stating = { noun: "usage", type: "state", body: month } as const;
    world.act(own, { noun: "member", type: "engage", case: CIVIL, body: engagement });
    world.act(node, ticking("2026-09-29T01:00:00Z"));
    // What it signs decides; that it may sign is what is asked here.
    expect(world.refusal(node, logged(UNREADABLE_LOG)).code, "its log").to.equal("INVALID_INPUT");
    expect(world.refusal(node, stating).code, "the department's word").to.equal("NOT_PERMITTED");
    world.act(own, { noun: "member", type: "dismiss", case: CIVIL, body: { code: COMPANY } });
    world.act(node, ticking("2026-09-30T01:00:00Z"));
    expect(world.refusal(node, logged(UNREADABLE_LOG)).code, "its log, afterwards").to.equal("INVALID_INPUT");
    expect(world.refusal(node, stating).code, "afterwards").to.equal("NOT_PERMITTED");
  });

  it("are unknown to a page that has no member's case at hand, which still offers nothing that a row refuses anyway", () => {
    const { world } = opened();
    const { case: id } = world.act(user, { noun: "application", type: "apply", body: application });
    const ref = { noun: "application", case: id };
    const heads = () => {
      throw new RangeError("not at hand");
    };
    const time = world.state("clock", "clock").time;
    const policy = { ...world.state("policy", "policy"), calendar: [] };
    const offered = allowedActions(model2, { ref, state: world.head(ref).state, actor: steward, policy, time, heads });
    expect(offered).to.include("grant").and.not.include("discontinue");
  });

  it("keep nothing by leaving: a department that departs and joins again has the same former companies", () => {
    const { world, refusalOf, engage, restrain, granted, memberOf } = opened();
    engage();
    restrain(steward, { officer: "7001", grant: granted });
    const administrator = (department: string) => officer(department, "administrator");
    const moving = { noun: "consortium", case: "consortium" } as const;
    world.act(head, { ...moving, type: "leave", body: {} });
    world.act(bureau, { noun: "member", type: "depart", case: HEALTH, body: { department: HEALTH } });
    const stays = () => {
      expect(memberOf(HEALTH)).to.deep.include({ formerOperators: [{ code: COMPANY, officers: [MACHINE, "7001"] }] });
      expect((memberOf(HEALTH) as unknown as { restraints: unknown[] }).restraints).to.have.length(1);
    };
    stays();
    const motion = world.act(administrator(BUREAU), {
      ...moving,
      ...{ type: "propose", body: { kind: "admit", subject: HEALTH, name: "health" } },
    });
    world.act(administrator(CIVIL), {
      ...moving,
      ...{ type: "vote", body: { motion: motion.number, vote: "inFavour" } },
    });
    world.act(head, { noun: "member", type: "join", case: HEALTH, body: officers });
    stays();
    expect(refusalOf({ officer: MACHINE })).to.equal("OPERATOR_NOT_ENGAGED");
    expect(refusalOf({ officer: "3001" })).to.equal(undefined);
  });

  const REFUSED: [string, object, string][] = [
    ["for others' data without naming its people", { officers: undefined }, "INVALID_INPUT"],
    ["without anybody", { officers: [] }, "INVALID_INPUT"],
    ["with another company's people", { code: OTHER }, "MISMATCH"],
    ["for a time gone by", { from: "2026-09-01T00:00:00Z", to: "2026-09-02T00:00:00Z" }, "TOO_LATE"],
  ];
  for (const [what, more, code] of REFUSED)
    it(`are not engaged ${what}: ${code}`, () => {
      const { engage, refused } = opened();
      engage();
      const { officers: people, ...rest } = { ...engagement, ...more };
      const body = { ...rest, ...(people === undefined ? {} : { officers: people }) };
      expect(refused(head, "engage", body)).to.equal(code);
    });

  it("are so many that their numbers can be remembered, and no dismissal fails for want of room", () => {
    const { engage, refused, dismiss } = opened();
    const people = (company: number, count = 50) => Array.from({ length: count }, (_, at) => `${company}-${at}`);
    const company = (at: number) => ({ code: `91411300MA3X00${String(at).padStart(4, "0")}`, officers: people(at) });
    engage(company(1));
    dismiss(company(1).code);
    engage(company(2));
    dismiss(company(2).code);
    expect(refused(head, "engage", { ...engagement, ...company(3) })).to.equal("LIMIT_REACHED");
    engage(company(2));
    dismiss(company(2).code);
  });

  it("are engaged for no more than leaves room for what has to follow", () => {
    const { refused } = opened();
    const scope = Array.from({ length: 180 }, (_, at) => `${HEALTH}/${String(at).padStart(64, "x")}`).map((dataset) =>
      dataset.replace(HEALTH, HEALTH.padEnd(64, "X")),
    );
    expect(refused(head, "engage", { ...engagement, scope })).to.equal("TOO_LARGE");
  });

  it("belong to so many companies at most, at a time and over the years", () => {
    const { world, engage, refused, dismiss } = opened();
    const code = (at: number) => `91411300MA3X00${String(at).padStart(4, "0")}`;
    const own = { scope: [`${HEALTH}/births`] };
    const { officers: _people, ...nobody } = engagement;
    const act = (at: number) => {
      if (at % 8 === 0) world.pass();
      world.act(head, { noun: "member", type: "engage", case: HEALTH, body: { ...nobody, ...own, code: code(at) } });
    };
    for (let at = 1; at <= 20; at += 1) act(at);
    expect(refused(head, "engage", { ...nobody, ...own, code: code(21) }), "at a time").to.equal("LIMIT_REACHED");
    for (let at = 1; at <= 20; at += 1) {
      if (at % 8 === 0) world.pass();
      dismiss(code(at));
    }
    world.pass();
    for (let at = 21; at <= 40; at += 1) act(at);
    world.pass();
    dismiss(code(40));
    expect(refused(head, "engage", { ...nobody, ...own, code: code(41) }), "over the years").to.equal("LIMIT_REACHED");
    void engage;
  });
});

describe("whoever is part of an incident", () => {
  it("is stopped at once: by a provider from its data, by the bureau from all", () => {
    const { refusalOf, restrain, granted } = opened();
    restrain(steward, { officer: "3001", grant: granted });
    expect(refusalOf()).to.equal("OFFICER_RESTRAINED");
    expect(refusalOf({ officer: "3002" })).to.equal(undefined);
    const elsewhere = opened();
    elsewhere.restrain(bureau, { officer: "3001" });
    expect(elsewhere.refusalOf()).to.equal("OFFICER_RESTRAINED");
  });

  it("is a company with all its people", () => {
    const { refusalOf, restrain, engage, granted } = opened();
    engage();
    restrain(steward, { company: COMPANY, grant: granted });
    for (const officer of [MACHINE, "7001"]) {
      expect(refusalOf({ officer, operator: COMPANY })).to.equal("OPERATOR_RESTRAINED");
    }
    expect(refusalOf(), "the department's own").to.equal(undefined);
  });

  it("is not stopped from other providers' data by one of them", () => {
    const { world, restrain, granted, memberOf } = opened();
    restrain(steward, { officer: "3001", grant: granted });
    const [restraint] = (memberOf(HEALTH) as unknown as { restraints: { author: string; reach: string }[] }).restraints;
    expect(restraint).to.include({ author: CIVIL, reach: "own" });
    const use = { consumer: HEALTH, provider: POLICE as MspId, officer: "3001" };
    const said = model2.reading.refusalOfUse(
      use as unknown as Use,
      { application: undefined, release: undefined, member: memberOf(HEALTH), mandate: undefined, dataset: undefined },
      { time: world.state("clock", "clock").time },
    );
    expect(said, "the grant, not the restraint").to.equal("UNKNOWN_GRANT");
  });

  it("may use data again when its restraint is lifted: by its author, or by the bureau", () => {
    const { world, refusalOf, restrain, refused, granted, incident } = opened();
    restrain(steward, { officer: "3001", grant: granted });
    const lift = { department: HEALTH, incident, officer: "3001", reasons: note };
    expect(refused(head, "lift", lift), "its own department").to.equal("NOT_FOUND");
    expect(refused(steward, "lift", { ...lift, officer: "3002" })).to.equal("NOT_FOUND");
    expect(refused(steward, "lift", { ...lift, department: POLICE })).to.equal("MISMATCH");
    world.act(steward, { noun: "member", type: "lift", case: HEALTH, body: lift });
    expect(refusalOf()).to.equal(undefined);
    expect(refused(steward, "lift", lift), "nobody is restrained").to.equal("NOT_FOUND");
    restrain(steward, { company: COMPANY, grant: granted });
    restrain(steward, { officer: "3001", grant: granted });
    const { officer: _officer, ...ofCompany } = { ...lift, company: COMPANY };
    world.act(bureau, { noun: "member", type: "lift", case: HEALTH, body: ofCompany });
    expect(refusalOf(), "the other stands").to.equal("OFFICER_RESTRAINED");
  });

  it("stays restrained whoever leaves and joins again", () => {
    const { world, restrain, memberOf } = opened();
    restrain(bureau, { officer: "3001" });
    world.act(head, { noun: "member", type: "update", case: HEALTH, body: { ...officers, name: "renamed" } });
    expect((memberOf(HEALTH) as unknown as { restraints: unknown[] }).restraints).to.have.length(1);
  });

  it("is named in the member's case with the incident, and its author is told of what follows", () => {
    const { restrain, granted, incident, memberOf } = opened();
    restrain(steward, { officer: "3001", grant: granted });
    const described = model2.nouns.member?.describe({ noun: "member", case: HEALTH }, memberOf(HEALTH), undefined);
    expect(described?.references).to.deep.equal([{ noun: "incident", case: incident }]);
    expect(described?.parties).to.deep.include({ department: CIVIL, relation: "author" });
  });

  const REFUSED: [string, (told: ReturnType<typeof opened>) => [ReturnType<typeof officer>, object], string][] = [
    [
      "by who gives it no data",
      ({ restraint }) => [officer(POLICE, "steward"), restraint({ officer: "1" })],
      "NOT_OWNER",
    ],
    [
      "under another's grant",
      ({ restraint, granted }) => [officer(POLICE, "steward"), restraint({ officer: "1", grant: granted })],
      "NOT_OWNER",
    ],
    [
      "by a user",
      ({ restraint, granted }) => [officer(CIVIL, "user"), restraint({ officer: "1", grant: granted })],
      "NOT_PERMITTED",
    ],
    ["for no incident", ({ restraint }) => [bureau, restraint({ officer: "1", incident: digest("7") })], "NOT_FOUND"],
    [
      "under a grant that is not there",
      ({ restraint }) => [steward, restraint({ officer: "1", grant: digest("7") })],
      "NOT_FOUND",
    ],
    ["who is nobody", ({ restraint }) => [bureau, restraint({})], "INVALID_INPUT"],
    ["who is two at once", ({ restraint }) => [bureau, restraint({ officer: "1", company: COMPANY })], "INVALID_INPUT"],
    ["of another department", ({ restraint }) => [bureau, restraint({ officer: "1", department: POLICE })], "MISMATCH"],
  ];
  for (const [what, asked, code] of REFUSED)
    it(`is not restrained ${what}: ${code}`, () => {
      const told = opened();
      const [by, body] = asked(told);
      expect(told.refused(by, "restrain", body)).to.equal(code);
    });

  it("is restrained once for each who does, and by each so many at most", () => {
    const { world, restrain, refused, restraint, granted } = opened();
    for (let at = 0; at < 4; at += 1) restrain(steward, { officer: `1-${at}`, grant: granted });
    expect(refused(steward, "restrain", restraint({ officer: "1-0", grant: granted }))).to.equal("ALREADY_EXISTS");
    expect(refused(steward, "restrain", restraint({ officer: "1-4", grant: granted }))).to.equal("LIMIT_REACHED");
    for (let at = 0; at < 8; at += 1) restrain(bureau, { officer: `2-${at}` });
    world.pass();
    expect(refused(bureau, "restrain", restraint({ officer: "2-8" }))).to.equal("LIMIT_REACHED");
  });
});
