import { expect } from "chai";
import { BUREAU, CIVIL, HEALTH, note, officers, POLICE } from "./bodies.js";
import { officer, World } from "./world.js";

const administrator = (department: string) => officer(department, "administrator");

/** Acts of departments' administrators in the two cases that say who the bureau is. */
function at(world: World) {
  const asked = (noun: string, type: string, body: object) => ({ noun, type, case: noun, body });
  return {
    offer: (who: string, department: string) =>
      world.act(administrator(who), asked("policy", "handOver", { department })),
    takeOver: (who: string) => world.act(administrator(who), asked("policy", "takeOver", {})),
    refused: (who: string, type: string, body: object = {}, noun = "policy") =>
      world.refusal(administrator(who), asked(noun, type, body)).code,
    entrust(subject: string, ...voters: readonly string[]) {
      const [mover = "", ...others] = voters;
      const body = { kind: "entrust", subject, name: subject };
      const { number: motion } = world.act(administrator(mover), asked("consortium", "propose", body));
      for (const voter of others) this.vote(voter, motion);
      return motion;
    },
    vote: (who: string, motion: number) =>
      world.act(administrator(who), asked("consortium", "vote", { motion, vote: "inFavour" })),
    leave: (who: string) => world.act(administrator(who), asked("consortium", "leave", {})),
    bureau: () => world.state("policy", "policy").bureau,
  };
}

describe("the bureau's role", () => {
  it("goes to the member whom the bureau offers it to, once that takes it over", () => {
    const world = World.opened();
    const { offer, takeOver, refused, bureau } = at(world);
    expect(refused(HEALTH, "takeOver")).to.equal("NOT_OWNER");
    expect(refused(CIVIL, "handOver", { department: CIVIL })).to.equal("NOT_OWNER");
    expect(refused(BUREAU, "handOver", { department: "TaxMSP" })).to.equal("NOT_A_MEMBER");
    offer(BUREAU, CIVIL);
    expect(bureau()).to.equal(BUREAU);
    expect(refused(BUREAU, "takeOver")).to.equal("ALREADY_EXISTS");
    expect(refused(HEALTH, "takeOver")).to.equal("NOT_OWNER");
    takeOver(CIVIL);
    expect(bureau()).to.equal(CIVIL);
    const appointment = { department: POLICE, officer: "9001", scope: { datasets: [], departments: [CIVIL] } };
    const period = { from: "2026-09-28T00:00:00Z", to: "2027-09-28T00:00:00Z", reason: "audit" };
    const appoint = { noun: "mandate", type: "appoint", body: { ...appointment, ...period } };
    expect(world.refusal(administrator(BUREAU), appoint).code).to.equal("NOT_OWNER");
    world.act(administrator(CIVIL), appoint);
  });

  it("is offered to one at a time, for thirty days, and can be taken back", () => {
    const world = World.opened();
    const { offer, refused } = at(world);
    expect(refused(BUREAU, "handOver", { department: BUREAU })).to.equal("UNCHANGED");
    offer(BUREAU, CIVIL);
    offer(BUREAU, HEALTH);
    expect(refused(CIVIL, "takeOver")).to.equal("NOT_OWNER");
    offer(BUREAU, BUREAU);
    expect(refused(HEALTH, "takeOver")).to.equal("NOT_OWNER");
    offer(BUREAU, HEALTH);
    world.tick("2026-10-28T01:00:01Z");
    expect(refused(HEALTH, "takeOver")).to.equal("NOT_OWNER");
  });

  it("goes to whom the members have entrusted with it, whatever the bureau says, once", () => {
    const world = World.opened();
    const { offer, takeOver, refused, vote, bureau } = at(world);
    const motion = at(world).entrust(HEALTH, CIVIL, POLICE);
    expect(refused(HEALTH, "takeOver"), "two of four are not more than half").to.equal("NOT_OWNER");
    vote(HEALTH, motion);
    takeOver(HEALTH);
    expect(bureau()).to.equal(HEALTH);
    offer(HEALTH, CIVIL);
    takeOver(CIVIL);
    expect(refused(HEALTH, "takeOver"), "the motion was followed already").to.equal("NOT_OWNER");
  });

  it("is not taken over by a motion of more than thirty days ago, nor by who has left meanwhile", () => {
    const late = World.opened();
    at(late).entrust(HEALTH, CIVIL, POLICE, HEALTH);
    late.tick("2026-10-28T01:00:01Z");
    expect(at(late).refused(HEALTH, "takeOver")).to.equal("NOT_OWNER");
    const gone = World.opened();
    at(gone).entrust(HEALTH, CIVIL, POLICE, HEALTH);
    at(gone).offer(BUREAU, HEALTH);
    at(gone).leave(HEALTH);
    expect(gone.state("consortium", "consortium").entrusted).to.equal(undefined);
    expect(at(gone).refused(HEALTH, "takeOver")).to.equal("NOT_A_MEMBER");
  });

  it("is not offered to who was removed since, or has left, and was admitted again; to who was admitted before it is", () => {
    const world = World.opened();
    const { offer, takeOver, refused, leave, vote, bureau } = at(world);
    const asked = (type: string, body: object) => ({ noun: "consortium", type, case: "consortium", body });
    const admit = (...voters: readonly string[]) => {
      const body = { kind: "admit", subject: HEALTH, name: HEALTH };
      const [mover = "", ...others] = voters;
      const { number: motion } = world.act(administrator(mover), asked("propose", body));
      for (const voter of others) vote(voter, motion);
    };
    offer(BUREAU, HEALTH);
    leave(HEALTH);
    admit(BUREAU, CIVIL); // all in one tick
    expect(refused(HEALTH, "takeOver")).to.equal("NOT_OWNER");
    offer(BUREAU, HEALTH);
    world.tick("2026-10-28T01:00:00Z");
    takeOver(HEALTH);
    expect(bureau()).to.equal(HEALTH);
  });

  it("stays offered though the offer was made long after its addressee was admitted", () => {
    const world = World.opened();
    const { offer, takeOver, leave, vote } = at(world);
    leave(HEALTH);
    const body = { kind: "admit", subject: HEALTH, name: HEALTH };
    const { number } = world.act(administrator(CIVIL), { noun: "consortium", type: "propose", body });
    vote(POLICE, number);
    world.tick("2026-10-20T01:00:00Z");
    offer(BUREAU, HEALTH);
    world.tick("2026-11-10T01:00:00Z");
    takeOver(HEALTH);
  });

  it("keeps its holder in the consortium, and nobody else", () => {
    const world = World.opened();
    const { offer, takeOver, refused, leave } = at(world);
    const remove = (subject: string) => ({ kind: "remove", subject, name: subject });
    expect(refused(BUREAU, "leave", {}, "consortium")).to.equal("WRONG_STATE");
    expect(refused(CIVIL, "propose", remove(BUREAU), "consortium")).to.equal("WRONG_STATE");
    offer(BUREAU, CIVIL);
    takeOver(CIVIL);
    expect(refused(CIVIL, "leave", {}, "consortium")).to.equal("WRONG_STATE");
    leave(BUREAU);
    expect(refused(HEALTH, "propose", { ...remove(CIVIL), reasons: note }, "consortium")).to.equal("WRONG_STATE");
  });

  it("lets a motion to remove its holder lapse that was made before it was", () => {
    const world = World.opened();
    const { offer, takeOver, refused, vote } = at(world);
    const remove = { kind: "remove", subject: HEALTH, name: HEALTH };
    const { number: motion } = world.act(administrator(CIVIL), { noun: "consortium", type: "propose", body: remove });
    vote(POLICE, motion);
    offer(BUREAU, HEALTH);
    takeOver(HEALTH);
    expect(refused(BUREAU, "vote", { motion, vote: "inFavour" }, "consortium")).to.equal("NOT_FOUND");
    // Two of three are more than half, two of four are not: nor does a recount carry it.
    at(world).leave(BUREAU);
    expect(world.state("consortium", "consortium")).to.deep.include({ roster: [CIVIL, POLICE, HEALTH], motions: [] });
  });

  it("is no matter of seats: a motion on it lasts as long as any other and takes no room of admissions", () => {
    const world = World.opened();
    at(world).entrust(POLICE, CIVIL);
    expect(
      at(world).refused(HEALTH, "propose", { kind: "entrust", subject: "TaxMSP", name: "tax" }, "consortium"),
    ).to.equal("NOT_FOUND");
    world.act(administrator(HEALTH), {
      noun: "member",
      type: "update",
      case: HEALTH,
      body: { ...officers, deputy: "5" },
    });
  });
});
