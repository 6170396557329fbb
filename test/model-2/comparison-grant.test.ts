import type { CaseState } from "@wanlian/model/kernel/act.js";
import { model1 } from "@wanlian/model/model-1/model.js";
import { model2 } from "@wanlian/model/model-2/model.js";
import type { Use, UseCases } from "@wanlian/model/reading.js";
import { expect } from "chai";
import { application, CIVIL, claim, DIVISIONS, divisions, grant, HEALTH, release } from "../model/bodies.js";
import { officer, World } from "../model/world.js";

const steward = officer(CIVIL, "steward");
const user = officer(HEALTH, "user");
const ONLY = { only: "comparison" } as const;

const opened = (share: object = {}) => World.withDataset({ ...divisions, ...share }, { model: 2 });
const act = (type: string, body: object, id?: string) => ({
  ...{ noun: "application" as const, type, body },
  ...(id === undefined ? {} : { case: id }),
});
const stateOf = (world: World, id: string) =>
  world.head({ noun: "application", case: id }).state as unknown as Readonly<Record<string, unknown>>;

/** What the grant says to a use of each way. */
function refusals(world: World, id: string) {
  const { case: registered } = world.act(steward, { noun: "release", type: "register", body: release });
  const cases: UseCases = {
    application: world.head({ noun: "application", case: id }).state as CaseState,
    release: world.head({ noun: "release", case: registered }).state as CaseState,
    member: { status: "active", operators: [] } as unknown as CaseState,
    mandate: undefined,
    dataset: undefined,
  };
  const { purpose, scenario, fields } = application;
  const use = { consumer: HEALTH, provider: CIVIL, dataset: DIVISIONS, release: registered, fields, purpose, scenario };
  const time = "2026-10-10T00:00:00Z";
  return Object.fromEntries(
    ["lookup", "verification", "download", "comparison"].map((way) => [
      way,
      model2.reading.refusalOfUse({ ...use, way } as unknown as Use, cases, { time } as never) ?? "covered",
    ]),
  );
}

const ALONE = {
  ...{ lookup: "COMPARISON_ONLY", verification: "COMPARISON_ONLY", download: "COMPARISON_ONLY" },
  comparison: "covered",
};

describe("a grant for comparison alone", () => {
  it("is what was applied for so: it covers comparisons and no other use", () => {
    const world = opened();
    const { case: id } = world.act(user, act("apply", { ...application, ...ONLY }));
    expect(stateOf(world, id)).to.include({ status: "applied", ...ONLY });
    world.act(steward, act("grant", grant, id));
    expect(stateOf(world, id)).to.include({ status: "granted", ...ONLY });
    expect(refusals(world, id)).to.deep.equal(ALONE);
  });

  it("is also what the provider makes of an application for more", () => {
    const world = opened();
    const { case: id } = world.act(user, act("apply", application));
    expect(stateOf(world, id)).to.not.have.property("only");
    world.act(steward, act("grant", { ...grant, ...ONLY }, id));
    expect(refusals(world, id)).to.deep.equal(ALONE);
  });

  it("can be taken at once where the data is shared unconditionally", () => {
    const world = opened({ share: { class: "unconditional", mode: "interface" } });
    const { case: id } = world.act(user, act("claim", { ...claim(DIVISIONS), ...ONLY }));
    expect(refusals(world, id)).to.deep.equal(ALONE);
  });

  it("stays so when it is suspended, resumed and renewed", () => {
    const world = opened();
    const { case: id } = world.act(user, act("apply", { ...application, ...ONLY }));
    world.act(steward, act("grant", grant, id));
    world.act(steward, act("suspend", { reasons: { digest: "a".repeat(64) } }, id));
    world.act(steward, act("resume", {}, id));
    const more = { to: "2027-03-31", frequency: grant.frequency };
    const replaced = { documents: 1, visits: 1 };
    const used = {
      from: "2026-09-28",
      to: "2026-09-28",
      calls: 1,
      rows: 1,
      effect: { digest: "b".repeat(64) },
      replaced,
    };
    world.act(user, act("reportUse", used, id));
    world.act(user, act("requestRenewal", more, id));
    world.act(steward, act("renew", { dataset: DIVISIONS, ...more }, id));
    expect(refusals(world, id)).to.deep.equal(ALONE);
  });

  it("serves verification: for another purpose it is neither asked for nor given", () => {
    const world = opened();
    const other = { ...application, purpose: "analysis" };
    expect(world.refusal(user, act("apply", { ...other, ...ONLY })).code).to.equal("OUT_OF_SCOPE");
    const { case: id } = world.act(user, act("apply", other));
    expect(world.refusal(steward, act("grant", { ...grant, ...ONLY }, id)).code).to.equal("OUT_OF_SCOPE");
    world.act(steward, act("grant", grant, id));
  });

  it("has no other limit of its kind", () => {
    const world = opened();
    for (const only of ["lookup", "", null]) {
      expect(world.refusal(user, act("apply", { ...application, only })).code).to.equal("INVALID_INPUT");
    }
  });

  it("leaves other grants as they were, and is unknown to version 1", () => {
    const world = opened();
    const { case: id } = world.act(user, act("apply", application));
    world.act(steward, act("grant", grant, id));
    expect(Object.values(refusals(world, id))).to.deep.equal(["covered", "covered", "covered", "covered"]);
    const before = World.withDataset(divisions, { model: 1 });
    expect(before.refusal(user, act("apply", { ...application, ...ONLY })).code).to.equal("INVALID_INPUT");
    expect(model1.nouns.application).to.not.equal(model2.nouns.application);
  });
});
