import type { Instant } from "@wanlian/model/identifiers.js";
import { grantHolds } from "@wanlian/model/model-1/application/application-schema.js";
import { isOverdue } from "@wanlian/model/model-1/deadlines.js";
import { expect } from "chai";
import {
  application,
  BUREAU,
  CIVIL,
  claim,
  DIVISIONS,
  digest,
  divisions,
  grant,
  HEALTH,
  HOLIDAYS,
  note,
  open,
  POLICE,
} from "./bodies.js";
import { officer, World } from "./world.js";

const steward = officer(CIVIL, "steward");
const user = officer(HEALTH, "user");
const bureau = officer(BUREAU, "steward");
const basis = "data-security-law-21";

function applied(change: object = {}) {
  const world = World.withDataset(divisions);
  world.act(steward, { noun: "dataset", type: "register", body: open });
  const { case: id } = world.act(user, { noun: "application", type: "apply", body: { ...application, ...change } });
  const step = (type: string, actor = steward, body: object = {}) =>
    world.act(actor, { noun: "application", type, case: id, body });
  const refused = (type: string, actor = steward, body: object = {}) =>
    world.refusal(actor, { noun: "application", type, case: id, body }).code;
  return { world, id, step, refused, state: () => world.state("application", id) };
}

const apply = (world: World, change: object, actor = user) =>
  world.refusal(actor, { noun: "application", type: "apply", body: { ...application, ...change } }).code;

/** The police lets the health department apply in its name. */
const delegate = (world: World, change: object = {}) =>
  world.act(officer(POLICE, "steward"), {
    noun: "mandate",
    type: "delegate",
    body: {
      agent: HEALTH,
      datasets: [DIVISIONS],
      purposes: ["verification"],
      from: "2026-09-28T00:00:00Z",
      to: "2027-01-01T00:00:00Z",
      reason: "joint registration",
      ...change,
    },
  }).case;

describe("application", () => {
  it("is granted within what was applied for, from when to when, and how often", () => {
    const { step, refused, state } = applied();
    expect(refused("grant", steward, { ...grant, fields: ["level"] })).to.equal("OUT_OF_SCOPE");
    expect(refused("grant", steward, { ...grant, to: "2027-01-01" })).to.equal("OUT_OF_SCOPE");
    expect(refused("grant", steward, { ...grant, frequency: { calls: 1001, per: "day" } })).to.equal("OUT_OF_SCOPE");
    expect(refused("grant", steward, { ...grant, frequency: { calls: 1, per: "month" } })).to.equal("OUT_OF_SCOPE");
    step("grant", steward, { ...grant, fields: ["code"] });
    expect(state().grant).to.deep.equal({
      fields: ["code"],
      from: "2026-09-27T16:00:00Z",
      to: "2026-12-31T15:59:59Z",
      frequency: { calls: 100, per: "day" },
      act: 2,
    });
  });

  it("expires by date, without anybody's act", () => {
    const { step, state } = applied();
    step("grant", steward, grant);
    const at = (time: string) => grantHolds(state(), time as Instant);
    expect(at("2026-09-27T15:59:59Z")).to.equal(false);
    expect(at("2026-09-27T16:00:00Z")).to.equal(true);
    expect(at("2026-12-31T15:59:59Z")).to.equal(true);
    expect(at("2026-12-31T16:00:00Z")).to.equal(false);
  });

  it("is overdue from the end of the fifth working day, on every node, without anybody's act", () => {
    const { world, state, refused, step } = applied();
    const [reply] = state().deadlines;
    expect(reply).to.include({ kind: "applicationReply", due: "2026-10-10T15:59:59Z" });
    if (!reply) throw new Error("unreachable");
    expect(isOverdue(reply, "2026-10-10T15:59:59Z" as Instant)).to.equal(false);
    expect(isOverdue(reply, "2026-10-10T16:00:00Z" as Instant)).to.equal(true);
    expect(refused("urge", bureau)).to.equal("TOO_EARLY");
    world.tick("2026-10-10T16:00:00Z");
    step("urge", bureau);
    expect(refused("grant", steward, grant)).to.equal("TOO_LATE"); // nothing is granted for days gone by
    step("grant", steward, { ...grant, from: "2026-10-11" });
    expect(state().deadlines[0]).to.include({ urged: 1, due: "2026-10-10T15:59:59Z", ended: "2026-10-10T16:00:00Z" });
  });

  for (const kind of ["blanket", "proxy"] as const) {
    it(`has ten working days as a ${kind} authorization`, () => {
      const world = World.withDataset(divisions);
      const mandate = kind === "proxy" ? { mandate: delegate(world) } : {};
      const body = { ...application, kind, ...mandate };
      const { case: id } = world.act(user, { noun: "application", type: "apply", body });
      const { deadlines, principal } = world.state("application", id);
      expect(deadlines).to.have.length(1);
      // 29, 30 September; 8, 9, 10 (make-up day), 12 to 16 October.
      expect(deadlines[0]).to.include({ kind: "derivedAuthorization", due: "2026-10-16T15:59:59Z" });
      expect(principal).to.equal(kind === "proxy" ? POLICE : undefined);
    });
  }

  it("as a proxy needs a mandate that is the applicant's, in force, and covers dataset and purpose", () => {
    const world = World.withDataset(divisions);
    const asked = (mandate?: string) => apply(world, { kind: "proxy", ...(mandate ? { mandate } : {}) });
    expect(asked()).to.equal("MISMATCH");
    expect(apply(world, { mandate: delegate(world) })).to.equal("MISMATCH");
    expect(asked(digest("9"))).to.equal("NOT_FOUND");
    expect(asked(delegate(world, { agent: BUREAU }))).to.equal("NOT_OWNER");
    expect(asked(delegate(world, { from: "2026-10-01T00:00:00Z" }))).to.equal("TOO_LATE");
    expect(asked(delegate(world, { purposes: ["analysis"] }))).to.equal("OUT_OF_SCOPE");
    expect(asked(delegate(world, { datasets: [HOLIDAYS] }))).to.equal("OUT_OF_SCOPE");
    const revoked = delegate(world);
    world.act(officer(POLICE, "steward"), { noun: "mandate", type: "revoke", case: revoked });
    expect(asked(revoked)).to.equal("TOO_LATE");
  });

  it("is not refused without a basis in the register, and says whether the catalogue declares that basis", () => {
    const refuse = (named: object) => ({ dataset: DIVISIONS, reasons: note, ...named });
    const { refused, step, state } = applied();
    expect(refused("refuse", steward, refuse({}))).to.equal("NO_LEGAL_BASIS");
    expect(refused("refuse", steward, refuse({ basis: "because" }))).to.equal("NO_LEGAL_BASIS");
    expect(refused("refuse", steward, { dataset: DIVISIONS, basis })).to.equal("INVALID_INPUT");
    step("refuse", steward, refuse({ basis }));
    expect(state()).to.deep.include({ status: "refused", refusal: { basis, declared: true } });

    const other = applied();
    other.step("refuse", steward, refuse({ basis: "pipl-28" }));
    expect(other.state().refusal).to.deep.equal({ basis: "pipl-28", declared: false });
  });

  it("asks for what is missing once, and the time to reply begins anew when it has come", () => {
    const { world, step, refused, state } = applied();
    step("requestMore", steward, { questions: note });
    expect(state().deadlines[0]?.ended).to.equal("2026-09-28T01:00:00Z");
    world.tick("2026-09-30T01:00:00Z");
    step("supplement", user, { answers: note });
    // Counted from 30 September: 8, 9, 10, 12, 13 October.
    expect(state().deadlines).to.deep.equal([
      {
        kind: "supplement",
        start: "2026-09-28T01:00:00Z",
        workingDays: 10,
        due: "2026-10-16T15:59:59Z",
        ended: "2026-09-30T01:00:00Z",
      },
      { kind: "applicationReply", start: "2026-09-30T01:00:00Z", workingDays: 5, due: "2026-10-13T15:59:59Z" },
    ]);
    expect(refused("requestMore", steward, { questions: note })).to.equal("LIMIT_REACHED");
  });

  it("takes up its old deadline when the answer's text did not come", () => {
    const { step, state } = applied();
    const { number } = step("refuse", steward, { dataset: DIVISIONS, reasons: note, basis });
    step("notReceived", user, { act: number });
    expect(state().status).to.equal("applied");
    expect(state()).not.to.have.property("refusal");
    expect(state().deadlines).to.deep.equal([
      { kind: "applicationReply", start: "2026-09-28T01:00:00Z", workingDays: 5, due: "2026-10-10T15:59:59Z" },
    ]);
  });

  it("is claimed by one's own act where the dataset is unconditional, and only there", () => {
    const { world } = applied();
    const { case: id } = world.act(user, { noun: "application", type: "claim", body: claim(HOLIDAYS) });
    expect(world.state("application", id)).to.include({ status: "granted", kind: "unconditional" });
    const refusal = world.refusal(user, { noun: "application", type: "claim", body: claim(DIVISIONS) });
    expect(refusal.code).to.equal("WRONG_STATE");
    expect(apply(world, { dataset: HOLIDAYS })).to.equal("WRONG_STATE");
  });

  it("is not to be had for withheld or withdrawn data, unknown fields, one's own data, or times gone by", () => {
    const { world } = applied();
    const withheld = { ...divisions, code: "cases", share: { class: "withheld", basis: "pipl-28", mode: "interface" } };
    world.act(steward, { noun: "dataset", type: "register", body: withheld });
    expect(apply(world, { dataset: `${CIVIL}/cases` })).to.equal("NOT_SHARED");
    expect(apply(world, { fields: ["population"] })).to.equal("MISMATCH");
    expect(apply(world, {}, officer(CIVIL, "user"))).to.equal("INVALID_INPUT");
    expect(apply(world, { from: "2026-01-01", to: "2026-09-27" })).to.equal("TOO_LATE");
    expect(apply(world, { from: "2026-12-01", to: "2026-11-30" })).to.equal("INVALID_INPUT");
    expect(apply(world, { from: "2026-02-30" })).to.equal("INVALID_INPUT");
    world.act(steward, { noun: "dataset", type: "withdraw", case: DIVISIONS });
    expect(apply(world, {})).to.equal("WRONG_STATE");
  });

  it("is not granted once the data is withheld, however it was when applied for", () => {
    const { world, refused } = applied();
    const { code: _code, ...content } = divisions;
    const share = { class: "withheld", basis: "pipl-28", mode: "interface" };
    const body = { ...content, share, changes: "withheld from now on" };
    world.act(steward, { noun: "dataset", type: "revise", case: DIVISIONS, body });
    expect(refused("grant", steward, grant)).to.equal("NOT_SHARED");
  });

  it("in an emergency is granted at once, for a short time, with a review owed until it is made", () => {
    const world = World.withDataset(divisions);
    const declare = { noun: "application", type: "declareEmergency" } as const;
    const long = world.refusal(user, { ...declare, body: { ...claim(DIVISIONS), to: "2026-10-06" } });
    expect(long.code).to.equal("LIMIT_REACHED");
    const { case: id } = world.act(user, { ...declare, body: { ...claim(DIVISIONS), to: "2026-10-05" } });
    const step = (type: string, actor = steward, body: object = {}) =>
      world.act(actor, { noun: "application", type, case: id, body });
    expect(world.state("application", id).deadlines[0]).to.include({ kind: "emergencyReview" });
    expect(world.refusal(user, { noun: "application", type: "withdraw", case: id }).code).to.equal("WRONG_STATE");
    const body = { reasons: note, basis };
    step("revoke", bureau, body);
    step("review", bureau, { outcome: "unjustified", reasons: note });
    expect(world.state("application", id)).to.include({ status: "revoked", review: "unjustified" });
    const again = {
      noun: "application",
      type: "review",
      case: id,
      body: { outcome: "justified", reasons: note },
    } as const;
    expect(world.refusal(bureau, again).code).to.equal("ALREADY_EXISTS");
  });

  it("is resumed only by who suspended it", () => {
    const { step, refused, state } = applied();
    step("grant", steward, grant);
    step("suspend", bureau, { reasons: note });
    expect(refused("resume")).to.equal("NOT_OWNER");
    step("resume", bureau);
    expect(state().status).to.equal("granted");
  });

  it("is renewed only after its use and effect were reported, within what was asked for", () => {
    const { world, step, refused, state } = applied();
    step("grant", steward, { ...grant, to: "2026-10-31" });
    const longer = { to: "2027-03-31", frequency: grant.frequency };
    expect(refused("requestRenewal", user, longer)).to.equal("NOT_REPORTED");
    world.tick("2026-10-20T01:00:00Z");
    const report = { from: "2026-09-28", to: "2026-10-19", calls: 12, rows: 300, effect: note };
    expect(refused("reportUse", user, { ...report, to: "2026-10-21" })).to.equal("TOO_EARLY");
    step("reportUse", user, report);
    expect(refused("requestRenewal", user, { ...longer, to: "2026-10-30" })).to.equal("MISMATCH");
    step("requestRenewal", user, longer);
    expect(refused("renew", steward, { dataset: DIVISIONS, ...longer, to: "2027-04-01" })).to.equal("OUT_OF_SCOPE");
    step("renew", steward, { dataset: DIVISIONS, ...longer });
    expect(state().grant).to.include({ from: "2026-09-27T16:00:00Z", to: "2027-03-31T15:59:59Z" });
    expect(refused("renew", steward, { dataset: DIVISIONS, ...longer })).to.equal("WRONG_STATE");
  });
});
