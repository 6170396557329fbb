import type { Instant } from "@wanlian/model/identifiers.js";
import { type Deadline, isLate } from "@wanlian/model/model-1/deadlines.js";
import { expect } from "chai";
import { BUREAU, CIVIL, digest, divisions, HEALTH, note, objection, POLICE, release } from "./bodies.js";
import { officer, World } from "./world.js";

const steward = officer(CIVIL, "steward");
const user = officer(HEALTH, "user");

/** A world in which the health commission has objected to civil affairs' release. */
function raised(policy: object = {}) {
  const world = World.withDataset(divisions, policy);
  const { case: first } = world.act(steward, { noun: "release", type: "register", body: release });
  const { case: id } = world.act(user, { noun: "objection", type: "raise", body: objection(first) });
  const step = (type: string, actor = steward, body: object = {}) =>
    world.act(actor, { noun: "objection", type, case: id, body });
  const refused = (type: string, actor = steward, body: object = {}) =>
    world.refusal(actor, { noun: "objection", type, case: id, body }).code;
  const correct = () => {
    const body = { ...release, revises: first, objection: id };
    const { case: correction } = world.act(steward, { noun: "release", type: "register", body });
    step("correct", steward, { release: correction });
    return correction;
  };
  return { world, first, id, step, refused, correct, state: () => world.state("objection", id) };
}

describe("objection", () => {
  it("runs its whole course to the end when substantiated", () => {
    const { step, correct, state } = raised();
    step("accept");
    step("conclude", steward, { outcome: "substantiated", reasons: note });
    expect(state().status).to.equal("correcting");
    const correction = correct();
    expect(state()).to.deep.include({ status: "corrected", corrections: [correction] });
    step("confirm", user);
    expect(state().status).to.equal("closed");
    expect(state().deadlines.every((deadline) => deadline.ended !== undefined)).to.equal(true);
  });

  it("has a deadline of five working days from `raise`, which accepting does not move", () => {
    const { world, step, state } = raised();
    // Raised on Monday 28 September: 29, 30, then the holidays, 8, 9 and the make-up Saturday 10 October.
    const due = "2026-10-10T15:59:59Z";
    expect(state().deadlines).to.deep.equal([
      { kind: "objectionVerification", start: "2026-09-28T01:00:00Z", workingDays: 5, due },
    ]);
    world.tick("2026-09-29T01:00:00Z");
    step("accept");
    expect(state().deadlines[0]?.due).to.equal(due);
  });

  it("keeps a late conclusion late", () => {
    const { world, step, state } = raised();
    step("accept");
    world.tick("2026-10-12T01:00:00Z");
    step("conclude", steward, { outcome: "unsubstantiated", reasons: note });
    const verification = state().deadlines.find(({ kind }) => kind === "objectionVerification");
    expect(verification?.ended).to.equal("2026-10-12T01:00:00Z");
    expect(isLate(verification as Deadline, "2026-10-12T01:00:00Z" as Instant)).to.equal(true);
  });

  it("may not be concluded by the provider after a dispute was raised", () => {
    const { step, refused } = raised();
    step("accept");
    step("conclude", steward, { outcome: "unsubstantiated", reasons: note });
    step("dispute", user, { reasons: note });
    expect(refused("conclude", steward, { outcome: "unsubstantiated", reasons: note })).to.equal("WRONG_STATE");
  });

  it("goes to the bureau when disputed, and nobody else may settle it", () => {
    const { step, refused, state } = raised();
    step("accept");
    step("conclude", steward, { outcome: "unsubstantiated", reasons: note });
    step("dispute", user, { reasons: note });
    const decision = { decision: "upheld", reasons: note };
    expect(refused("settle", steward, decision)).to.equal("NOT_OWNER");
    expect(refused("settle", user, decision)).to.equal("NOT_OWNER");
    step("settle", officer(BUREAU, "steward"), decision);
    expect(state().status).to.equal("correcting");
  });

  it("ends with the bureau's dismissal, and cannot be disputed without end", () => {
    const { step, refused, correct, state } = raised();
    const upheld = { decision: "upheld", reasons: note };
    step("accept");
    step("conclude", steward, { outcome: "partly", reasons: note });
    for (let round = 0; round < 2; round += 1) {
      correct();
      step("dispute", user, { reasons: note });
      step("settle", officer(BUREAU, "steward"), upheld);
    }
    correct();
    expect(refused("dispute", user, { reasons: note })).to.equal("LIMIT_REACHED");
    step("confirm", user);
    expect(state().status).to.equal("closed");
  });

  it("is corrected only by a new release that cites it", () => {
    const { world, first, step, refused } = raised();
    step("accept");
    step("conclude", steward, { outcome: "substantiated", reasons: note });
    const other = world.act(steward, { noun: "release", type: "register", body: { ...release, revises: first } });
    expect(refused("correct", steward, { release: other.case })).to.equal("MISMATCH");
    expect(refused("correct", steward, { release: first })).to.equal("MISMATCH");
    expect(refused("correct", steward, { release: digest("f") })).to.equal("NOT_FOUND");
  });

  it("cannot be cited by a release before it is found substantiated", () => {
    const { world, first, id } = raised();
    const body = { ...release, revises: first, objection: id };
    expect(world.refusal(steward, { noun: "release", type: "register", body }).code).to.equal("WRONG_STATE");
  });

  it("is the objector's alone to confirm, dispute and withdraw, and the provider's to verify", () => {
    const { step, refused } = raised();
    const stranger = officer(POLICE);
    expect(refused("withdraw", stranger)).to.equal("NOT_OWNER");
    expect(refused("withdraw", officer(CIVIL))).to.equal("NOT_OWNER");
    expect(refused("accept", stranger)).to.equal("NOT_OWNER");
    expect(refused("accept", officer(HEALTH))).to.equal("NOT_OWNER");
    expect(refused("accept", officer(CIVIL, "user"))).to.equal("NOT_PERMITTED");
    step("accept");
    step("conclude", steward, { outcome: "unsubstantiated", reasons: note });
    expect(refused("confirm", officer(CIVIL))).to.equal("NOT_OWNER");
    expect(refused("withdraw", user)).to.equal("WRONG_STATE");
  });

  it("is not accepted about one's own data, unknown columns, or rows beyond the release", () => {
    const { world, first } = raised();
    const raise = (actor: typeof user, change: object) =>
      world.refusal(actor, { noun: "objection", type: "raise", body: { ...objection(first), ...change } }).code;
    expect(raise(officer(CIVIL, "user"), {})).to.equal("INVALID_INPUT");
    expect(raise(user, { fields: ["population"] })).to.equal("MISMATCH");
    expect(raise(user, { rows: [3000], rowCount: 1 })).to.equal("MISMATCH");
    expect(raise(user, { rows: [1, 2], rowCount: 1 })).to.equal("MISMATCH");
    expect(raise(user, { dataset: `${POLICE}/divisions` })).to.equal("MISMATCH");
  });

  it("lets the objector say within a working day that the conclusion's text did not come; then the clock runs on", () => {
    const { world, step, refused, state } = raised();
    step("accept");
    const { number } = step("conclude", steward, { outcome: "unsubstantiated", reasons: note });
    expect(refused("notReceived", user, { act: number - 1 })).to.equal("MISMATCH");
    world.tick("2026-09-29T15:59:59Z");
    step("notReceived", user, { act: number });
    expect(state().status).to.equal("verifying");
    expect(state().deadlines).to.deep.equal([
      { kind: "objectionVerification", start: "2026-09-28T01:00:00Z", workingDays: 5, due: "2026-10-10T15:59:59Z" },
    ]);
    const again = step("conclude", steward, { outcome: "unsubstantiated", reasons: note });
    world.tick("2026-09-30T16:00:00Z");
    expect(refused("notReceived", user, { act: again.number })).to.equal("TOO_LATE");
  });

  it("is extended only where the policy has the option, once, and before the deadline", () => {
    const without = raised();
    without.step("accept");
    expect(without.refused("extend", steward, { reasons: note })).to.equal("OUT_OF_SCOPE");

    const verificationExtension = { workingDays: 5, article: "a city's rule" };
    const { world, step, refused, state } = raised({ verificationExtension });
    step("accept");
    step("extend", steward, { reasons: note });
    expect(state().deadlines[0]?.due).to.equal("2026-10-16T15:59:59Z");
    expect(refused("extend", steward, { reasons: note })).to.equal("LIMIT_REACHED");

    const late = raised({ verificationExtension });
    late.step("accept");
    late.world.tick("2026-10-10T16:00:00Z");
    expect(late.refused("extend", steward, { reasons: note })).to.equal("TOO_LATE");
    expect(world.verdicts.every(({ valid }) => valid)).to.equal(true);
  });

  it("does not exist for releases that were never registered", () => {
    const world = World.opened();
    const refusal = world.refusal(user, { noun: "objection", type: "raise", body: objection(digest("1")) });
    expect(refusal.code).to.equal("NOT_FOUND");
    expect(refusal.message).to.contain(digest("1"));
  });
});
