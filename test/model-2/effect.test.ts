import { expect } from "chai";
import { application, CIVIL, DIVISIONS, divisions, grant, HEALTH, note } from "../model/bodies.js";
import { officer, World } from "../model/world.js";

const steward = officer(CIVIL, "steward");
const user = officer(HEALTH, "user");
const period = { from: "2026-09-28", to: "2026-10-20" };
const replaced = { documents: 30, visits: 12 };

function opened() {
  const world = World.withDataset(divisions, { model: 2 });
  const { case: id } = world.act(user, { noun: "application", type: "apply", body: application });
  world.act(steward, { noun: "application", type: "grant", case: id, body: { ...grant, to: "2026-11-10" } });
  world.tick("2026-10-20T01:00:00Z");
  const report = (more: object) => ({ ...period, calls: 40, rows: 90, effect: note, ...more });
  const tell = (more: object) =>
    world.act(user, { noun: "application", type: "reportUse", case: id, body: report(more) });
  const renewal = (to: string) =>
    ({ noun: "application", type: "requestRenewal", case: id, body: { to, frequency: grant.frequency } }) as const;
  const renew = (to: string) =>
    world.act(steward, {
      ...{ noun: "application", type: "renew", case: id },
      body: { dataset: DIVISIONS, to, frequency: grant.frequency },
    });
  return { world, id, tell, renewal, renew };
}

describe("a report of use", () => {
  it("says what the data replaced, and adds up", () => {
    const { world, id, tell } = opened();
    tell({ replaced });
    tell({ replaced: { documents: 5, visits: 1 }, from: "2026-10-01" });
    expect(world.state("application", id)).to.deep.include({
      effect: { documents: 35, visits: 13 },
      covered: "2026-09-28",
    });
    tell({});
    expect(world.state("application", id)).to.deep.include({ effect: { documents: 35, visits: 13 } });
  });

  it("is what a renewal depends on: of what was replaced, from the period's beginning on", () => {
    const { world, tell, renewal } = opened();
    expect(world.refusal(user, renewal("2026-12-31")).code).to.equal("NOT_REPORTED");
    tell({});
    expect(world.refusal(user, renewal("2026-12-31")).code, "nothing said of effect").to.equal("NOT_REPORTED");
    tell({ replaced, from: "2026-10-01" });
    expect(world.refusal(user, renewal("2026-12-31")).code, "the first days are missing").to.equal("NOT_REPORTED");
    tell({ replaced });
    world.act(user, renewal("2026-12-31"));
  });

  it("serves one renewal and no other", () => {
    const { world, id, tell, renewal, renew } = opened();
    tell({ replaced });
    world.act(user, renewal("2026-11-30"));
    renew("2026-11-30");
    expect(world.state("application", id)).to.include({ renewed: "2026-10-20" }).and.not.have.property("covered");
    world.tick("2026-11-15T01:00:00Z");
    expect(world.refusal(user, renewal("2026-12-31")).code).to.equal("NOT_REPORTED");
    tell({ replaced, from: "2026-10-21", to: "2026-11-15" });
    expect(world.refusal(user, renewal("2026-12-31")).code, "a day is missing").to.equal("NOT_REPORTED");
    tell({ replaced, from: "2026-10-20", to: "2026-11-15" });
    world.act(user, renewal("2026-12-31"));
  });
});
